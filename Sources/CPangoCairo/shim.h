#include <cairo.h>
#include <cairo-pdf.h>
#include <pango/pangocairo.h>

// `g_object_unref` is a macro in newer headers.
static inline void abide_object_unref(void *object) { g_object_unref(object); }
