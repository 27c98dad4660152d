#pragma once
#include <curl/curl.h>
// curl_easy_setopt is variadic, which Swift can't call: one wrapper for each kind of value.
static inline CURLcode abide_curl_set_string(CURL *handle, CURLoption option, const char *value) { return curl_easy_setopt(handle, option, value); }
static inline CURLcode abide_curl_set_long(CURL *handle, CURLoption option, long value) { return curl_easy_setopt(handle, option, value); }
static inline CURLcode abide_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) { return curl_easy_setopt(handle, option, value); }
static inline CURLcode abide_curl_set_pointer(CURL *handle, CURLoption option, void *value) { return curl_easy_setopt(handle, option, value); }
typedef size_t (*abide_curl_transfer)(char *buffer, size_t size, size_t count, void *context);
static inline CURLcode abide_curl_set_transfer(CURL *handle, CURLoption option, abide_curl_transfer function) { return curl_easy_setopt(handle, option, function); }
static inline CURLcode abide_curl_get_long(CURL *handle, CURLINFO info, long *value) { return curl_easy_getinfo(handle, info, value); }
// Copied by the library.
static inline CURLcode abide_curl_set_bytes(CURL *handle, CURLoption option, const void *bytes, size_t count) {
    struct curl_blob blob = {(void *) bytes, count, CURL_BLOB_COPY};
    return curl_easy_setopt(handle, option, &blob);
}
