#pragma once

// A validating streaming XML reader on libxml2: bytes are pushed in, elements, texts and errors come out.
//
// This is the whole surface that Swift sees: no libxml2 type, no libxml2 header, so that a new libxml2 changes
// one C file. What a document may be (encoding, no DOCTYPE, sizes, depth) is decided by the byte gate before
// a byte arrives here; the reader refuses a DOCTYPE once more, and nothing is ever fetched.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Where an error comes from.
enum {
  XR_ORIGIN_PARSER = 1,     // well-formedness; nothing comes after it
  XR_ORIGIN_NAMESPACE = 2,  // namespaces in XML; reading goes on
  XR_ORIGIN_SCHEMA = 3,     // the schema; reading goes on
  XR_ORIGIN_INTERNAL = 4    // libxml2 gave up for a reason of its own
};

typedef struct xr_error {
  int32_t origin;       // XR_ORIGIN_…
  int32_t code;         // libxml2's number
  int64_t line;         // 1-based; for schema errors the line of the element's start tag; 0 when unknown
  bool is_closing;      // about the element that was just closed, or its end tag
  const char *message;  // English, valid during the call; it may quote the document
} xr_error;

// One attribute without a namespace, or with one (then its name is -1).
typedef struct xr_attribute {
  int32_t name;  // index into the names of the vocabulary, -1 when unknown
  uint32_t length;
  const uint8_t *value;  // references resolved; valid during the call
} xr_attribute;

// What the caller knows about an element that it was just given.
//
// The schema costs twice as much as parsing. A caller that can prove an element valid, more narrowly than the schema
// does, spares the proof: its events are kept back instead of being shown to the schema, and forgotten when the element
// ends and all in it was proved. At the first doubt everything kept back is shown to the schema after all, in order, and
// the schema judges the rest of the element as well. So a caller that proves too little loses time only; one that
// proves what the schema refuses would accept a wrong document.
typedef enum xr_answer : int32_t {
  XR_CHECK = 0,  // the schema shall judge
  XR_PROVED = 1,
  XR_BEGIN = 2,  // start tag only: proved, and from here on things may be kept back
  XR_TEXT = 16   // start tag only, beside the others: the element's text is wanted at its end
} xr_answer;

// All are called during xr_parser_push, on the same thread. `element` is an index into the names, -1 when
// unknown or of another namespace.
typedef struct xr_callbacks {
  int32_t (*start)(  // answers with an xr_answer
      void *context, int32_t element, int64_t line, const xr_attribute *attributes, int32_t count);
  // `text`: what came of the text of the last element that wanted it, up to the first tag inside it; valid during the
  // call. A text where none is wanted is proved when it is white space.
  xr_answer (*end)(void *context, int32_t element, const uint8_t *text, int32_t count);
  void (*error)(void *context, const xr_error *error);
} xr_callbacks;

// A compiled schema: never changed after xr_schema_compile, so any number of parsers on any threads share it.
typedef struct xr_schema xr_schema;

// Compiles a schema without imports. NULL when it is no schema; the errors go to `error`.
xr_schema *_Nullable xr_schema_compile(
    const uint8_t *bytes, size_t count, void (*error)(void *_Nullable context, const xr_error *error),
    void *_Nullable context);
void xr_schema_free(xr_schema *schema);

// A document language: its namespace and the schema that decides.
typedef struct xr_vocabulary {
  const char *namespace_name;
  xr_schema *schema;
  int32_t list, entry;  // names: an element that holds entries without bounds, and an entry; -1 for none
} xr_vocabulary;

// One parser reads one document. It belongs to one caller at a time; it may move between threads between calls.
typedef struct xr_parser xr_parser;

// The namespace of the root element chooses the vocabulary. `names` are the local names of elements and attributes
// of all vocabularies; `vocabularies`, `names` and `context` must outlive the parser.
// `transcoded`: the bytes are UTF-8 whatever the XML declaration says. `reads_plainly`: whether entries of plain markup
// are read without libxml2 (PlainMarkup.h); what comes out does not depend on it. NULL: no memory.
xr_parser *_Nullable xr_parser_create(
    const xr_vocabulary *vocabularies, int32_t vocabulary_count, const char *const _Nonnull *_Nonnull names,
    int32_t name_count, bool transcoded, bool reads_plainly,
    const xr_callbacks *callbacks, void *context);
void xr_parser_free(xr_parser *parser);

// Parses the next bytes; `is_last` ends the document. Returns false when there is no point in going on.
bool xr_parser_push(xr_parser *parser, const uint8_t *_Nullable bytes, int32_t count, bool is_last);

// Ends reading from inside a callback.
void xr_parser_stop(xr_parser *parser);

// Index of the vocabulary: -1 before the root element, -2 when its namespace is none of them.
int32_t xr_parser_vocabulary(const xr_parser *parser);

// The root's namespace when it is unknown; NULL otherwise, or when it has none.
const char *_Nullable xr_parser_unknown_namespace(const xr_parser *parser);

// Line of the root's start tag; 0 before it.
int64_t xr_parser_root_line(const xr_parser *parser);

// Number of entries that were read without libxml2.
int64_t xr_parser_plain_entries(const xr_parser *parser);

// Whether no error of well-formedness has come so far.
bool xr_parser_is_well_formed(const xr_parser *parser);

// Whether the document was read to its end, well-formed, valid, and without an error on any channel.
bool xr_parser_accepts(const xr_parser *parser);

// libxml2's version as it runs, such as "20914".
const char *xr_version(void);

#pragma clang assume_nonnull end

#include "CXMLPart.h"  // the module's other reader
