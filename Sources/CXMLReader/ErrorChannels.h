#pragma once

// The channels on which libxml2 reports, for the two readers of this module.

#include "CXMLReader.h"

#include <libxml/xmlerror.h>
#if LIBXML_VERSION < 21200
#include <libxml/globals.h>
#endif

// libxml2 2.12 made the error of a structured handler const.
#if LIBXML_VERSION >= 21200
typedef const xmlError *reported_error;
#else
typedef xmlErrorPtr reported_error;
#endif

// The handlers live in storage of the thread, so they are set and put back inside one call.
typedef struct saved_handlers {
  xmlStructuredErrorFunc structured;
  void *structured_context;
  xmlGenericErrorFunc generic;
  void *generic_context;
} saved_handlers;

static inline saved_handlers set_handlers(
    xmlStructuredErrorFunc structured, xmlGenericErrorFunc generic, void *context) {
  saved_handlers saved = {
      xmlStructuredError, xmlStructuredErrorContext, xmlGenericError, xmlGenericErrorContext};
  xmlSetStructuredErrorFunc(context, structured);
  xmlSetGenericErrorFunc(context, generic);
  return saved;
}

static inline void restore_handlers(saved_handlers saved) {
  xmlSetStructuredErrorFunc(saved.structured_context, saved.structured);
  xmlSetGenericErrorFunc(saved.generic_context, saved.generic);
}
