#pragma once
#include <gmime/gmime.h>
// GObject's type tests are macros.
static inline int abide_is_mailbox(void *address) { return INTERNET_ADDRESS_IS_MAILBOX(address); }
// iconv's error is -1 as a size, and its reason lies in errno, which Swift can't reach as a variable.
#include <errno.h>
static inline int abide_iconv(iconv_t converter, char **in, size_t *in_left, char **out, size_t *out_left) {
    errno = 0;
    return iconv(converter, in, in_left, out, out_left) == (size_t) -1 ? (errno ? errno : EILSEQ) : 0;
}
static inline int abide_iconv_failed(iconv_t converter) { return converter == (iconv_t) -1; }
enum { abide_output_full = E2BIG };
