#include "CXMLReader.h"

#include "ErrorChannels.h"
#include "PlainMarkup.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlschemastypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
  DEPTH_LIMIT = 300,       // libxml2 stops at 256, the gate at 64
  ATTRIBUTE_LIMIT = 64,    // the gate refuses more
  TEXT_PIECES_LIMIT = 16,  // pieces of one text that reach the schema one by one
  NAME_SLOTS = 256,        // open addressing; names are far fewer
  KEPT_LIMIT = 1 << 20     // bytes kept back from the schema
};

struct xr_schema {
  xmlSchemaPtr schema;
};

typedef struct name_slot {
  const xmlChar *key;
  int32_t id;
} name_slot;

// An event kept back from the schema. Names belong to the parser's dictionary, so they stay; values are copied.
typedef enum kept_kind { KEPT_START, KEPT_END, KEPT_TEXT } kept_kind;

typedef struct kept_event {
  kept_kind kind;
  const xmlChar *name, *prefix, *namespace_name;
  uint32_t first;  // of its attributes, or of the bytes of its text
  uint32_t count;
} kept_event;

typedef struct kept_attribute {
  const xmlChar *name, *prefix, *namespace_name;
  uint32_t offset, length;  // of the value, as libxml2 wrote it
} kept_attribute;

typedef struct kept_events {
  kept_event *events;
  size_t event_count, event_capacity;
  kept_attribute *attributes;
  size_t attribute_count, attribute_capacity;
  uint8_t *bytes;
  size_t byte_count, byte_capacity;
  int32_t depth;  // of the element that began it; 0 while everything goes to the schema
} kept_events;

struct xr_parser {
  xmlParserCtxtPtr parser;
  xmlSchemaValidCtxtPtr validation;
  xmlSchemaSAXPlugPtr plug;
  xmlSAXHandlerPtr plug_sax;  // the plug keeps the addresses of these two
  void *plug_context;
  startElementNsSAX2Func schema_start;
  endElementNsSAX2Func schema_end;
  charactersSAXFunc schema_text;
  cdataBlockSAXFunc schema_cdata;

  const xr_vocabulary *vocabularies;
  int32_t vocabulary_count;
  int32_t vocabulary;
  const xmlChar *namespace_name;  // interned in the parser's dictionary
  char *unknown_namespace;
  int64_t root_line;
  name_slot names[NAME_SLOTS];

  xr_callbacks callbacks;
  void *context;

  int64_t lines[DEPTH_LIMIT];  // line of the start tag of each open element
  int32_t depth;               // number of open elements
  bool closing;                // the innermost element is being closed: it still answers for errors

  // Many small pieces of one text: the schema would append each to a growing copy, in quadratic time.
  uint8_t *held;
  size_t held_count, held_capacity;
  int32_t pieces;

  kept_events kept;

  // Text of the last element that wanted it. Of a plain entry it lies in the bytes that were pushed.
  bool capturing;
  const uint8_t *text;
  size_t text_count;
  uint8_t *captured;
  size_t captured_capacity;

  // The plain entry that is being handed over, as far as `plain_next`.
  bool reads_plainly;
  bool is_plain;
  plain_names plain_names;
  plain_entry plain;
  size_t plain_next;
  int64_t plain_line;   // line of the tag at hand
  int64_t plain_count;  // entries so far
  int32_t list;        // name of an element that holds entries, -1 for none
  int32_t list_depth;  // of the open list, 0 while there is none
  const xmlChar *keys[NAME_SLOTS];

  uint8_t *decoded;  // attribute values with an ampersand
  size_t decoded_capacity;

  int64_t errors;         // on any channel
  int64_t parser_errors;  // of the parser proper
  bool ended, stopped, out_of_memory;
};

// MARK: Process-wide set-up

static xmlParserInputPtr refuse_entity(
    const char *url, const char *identifier, xmlParserCtxtPtr context) {
  (void)url;
  (void)identifier;
  (void)context;
  return NULL;
}

static void initialize(void) {
  xmlInitParser();
  xmlSchemaInitTypes();  // lazy otherwise, and then not safe between threads
  // The only loader of the process: whatever libxml2 wants to fetch for any caller, it gets nothing.
  xmlSetExternalEntityLoader(refuse_entity);
}

static void initialize_once(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, initialize);
}

const char *xr_version(void) {
  initialize_once();
  return xmlParserVersion;
}

// MARK: Error channels

static int32_t origin_of(int domain, int code) {
  switch (domain) {
    case XML_FROM_PARSER: return XR_ORIGIN_PARSER;
    case XML_FROM_NAMESPACE: return XR_ORIGIN_NAMESPACE;
    case XML_FROM_SCHEMASV:
      return code == XML_SCHEMAV_INTERNAL ? XR_ORIGIN_INTERNAL : XR_ORIGIN_SCHEMA;
    case XML_FROM_SCHEMASP: return XR_ORIGIN_SCHEMA;
    default: return XR_ORIGIN_INTERNAL;
  }
}

static int64_t parser_line(const xr_parser *reader) {
  if (reader->is_plain) return reader->plain_line;
  return reader->parser->input == NULL ? 0 : (int64_t)reader->parser->input->line;
}

static void report(xr_parser *reader, int32_t origin, int32_t code, int64_t line, const char *message) {
  // After the first error the parser guesses, so its further complaints help nobody.
  if (reader->stopped || (origin == XR_ORIGIN_PARSER && reader->parser_errors > 0)) return;
  xr_error error = {
      origin, code, line < 0 ? 0 : line, reader->closing, message == NULL ? "" : message};
  reader->errors++;
  if (origin == XR_ORIGIN_PARSER) reader->parser_errors++;
  reader->callbacks.error(reader->context, &error);
}

// Errors of parser, namespaces and schema alike: the plugged SAX handler loses the parser's own channel, so
// everything arrives at the handler of the thread.
static void on_error(void *context, reported_error error) {
  xr_parser *reader = context;
  if (error == NULL || error->level < XML_ERR_ERROR) return;
  int32_t origin = origin_of(error->domain, error->code);
  int64_t line = origin == XR_ORIGIN_PARSER ? error->line : 0;
  if (origin == XR_ORIGIN_SCHEMA && reader->depth > 0 && reader->depth <= DEPTH_LIMIT) {
    line = reader->lines[reader->depth - 1];
  } else if (line <= 0) {
    line = parser_line(reader);
  }
  report(reader, origin, error->code, line, error->message);
}

// "Unimplemented block …" and the like are printed, never raised: no document that made libxml2 say so is accepted.
static void on_print(void *context, const char *format, ...) {
  xr_parser *reader = context;
  (void)format;
  if (reader != NULL) report(reader, XR_ORIGIN_INTERNAL, 0, parser_line(reader), "libxml2 gave up on this place");
}

// libxml2 asks for the place of schema errors here; it crashes when the file is left unset.
static int locate(void *context, const char **file, unsigned long *line) {
  const xr_parser *reader = context;
  if (file != NULL) *file = "";
  if (line != NULL) *line = reader->depth > 0 ? (unsigned long)reader->lines[reader->depth - 1] : 0;
  return 0;
}

// MARK: Schema

typedef struct schema_sink {
  void (*error)(void *_Nullable, const xr_error *);
  void *context;
} schema_sink;

static void on_schema_error(void *context, reported_error error) {
  schema_sink *sink = context;
  if (error == NULL) return;
  xr_error own = {
      XR_ORIGIN_SCHEMA, error->code, error->line, false, error->message == NULL ? "" : error->message};
  sink->error(sink->context, &own);
}

static void ignore_print(void *context, const char *format, ...) {
  (void)context;
  (void)format;
}

xr_schema *xr_schema_compile(
    const uint8_t *bytes, size_t count, void (*error)(void *, const xr_error *), void *context) {
  initialize_once();
  if (count > INT32_MAX) return NULL;
  schema_sink sink = {error, context};
  saved_handlers saved = set_handlers(on_schema_error, ignore_print, &sink);
  xr_schema *result = NULL;
  xmlSchemaParserCtxtPtr parser = xmlSchemaNewMemParserCtxt((const char *)bytes, (int)count);
  if (parser != NULL) {
    xmlSchemaSetParserStructuredErrors(parser, on_schema_error, &sink);
    xmlSchemaPtr schema = xmlSchemaParse(parser);
    xmlSchemaFreeParserCtxt(parser);
    if (schema != NULL) {
      result = malloc(sizeof *result);
      if (result == NULL) {
        xmlSchemaFree(schema);
      } else {
        result->schema = schema;
      }
    }
  }
  xmlResetLastError();
  restore_handlers(saved);
  return result;
}

void xr_schema_free(xr_schema *schema) {
  xmlSchemaFree(schema->schema);
  free(schema);
}

// MARK: Names

// Names are interned by libxml2, so one pointer stands for one name.
static size_t slot_of(const xmlChar *key) {
  return (size_t)(((uint64_t)(uintptr_t)key * 0x9E3779B97F4A7C15u) >> 56);
}

static void intern(xr_parser *reader, const char *name, int32_t id) {
  const xmlChar *key = xmlDictLookup(reader->parser->dict, (const xmlChar *)name, -1);
  if (key == NULL) {
    reader->out_of_memory = true;
    return;
  }
  size_t slot = slot_of(key);
  while (reader->names[slot].key != NULL) slot = (slot + 1) % NAME_SLOTS;
  reader->names[slot] = (name_slot){key, id};
  reader->keys[id] = key;
  if (!plain_add_name(&reader->plain_names, name, id)) reader->reads_plainly = false;
}

static inline int32_t name_id(const xr_parser *reader, const xmlChar *key) {
  size_t slot = slot_of(key);
  while (reader->names[slot].key != NULL) {
    if (reader->names[slot].key == key) return reader->names[slot].id;
    slot = (slot + 1) % NAME_SLOTS;
  }
  return -1;
}

// MARK: Text towards the schema

static void push_text_to_schema(xr_parser *reader, const xmlChar *bytes, int count, bool is_cdata) {
  if (reader->pieces < TEXT_PIECES_LIMIT) {
    reader->pieces++;
    if (is_cdata) {
      reader->schema_cdata(reader->plug_context, bytes, count);
    } else {
      reader->schema_text(reader->plug_context, bytes, count);
    }
    return;
  }
  // Where only elements may stand even an empty CDATA section is an error, and this is how to ask.
  if (is_cdata) reader->schema_cdata(reader->plug_context, (const xmlChar *)"", 0);
  size_t needed = reader->held_count + (size_t)count;
  if (needed > reader->held_capacity) {
    size_t capacity = needed < 4096 ? 4096 : needed * 2;
    uint8_t *held = capacity > INT32_MAX ? NULL : realloc(reader->held, capacity);
    if (held == NULL) {
      reader->out_of_memory = true;
      xr_parser_stop(reader);
      return;
    }
    reader->held = held;
    reader->held_capacity = capacity;
  }
  memcpy(reader->held + reader->held_count, bytes, (size_t)count);
  reader->held_count = needed;
}

static inline void flush_text(xr_parser *reader) {
  reader->pieces = 0;
  if (reader->held_count == 0) return;
  reader->schema_text(reader->plug_context, reader->held, (int)reader->held_count);
  reader->held_count = 0;
}

// MARK: Events kept back from the schema

static bool is_blank(const uint8_t *bytes, size_t count) {
  for (size_t index = 0; index < count; index++) {
    uint8_t byte = bytes[index];
    if (byte != ' ' && byte != '\n' && byte != '\t' && byte != '\r') return false;
  }
  return true;
}

static inline void plain_attributes(const xr_parser *reader, const plain_token *token, xr_attribute *own) {
  const plain_attribute *attributes = &reader->plain.attributes[token->first];
  for (uint32_t index = 0; index < token->count; index++) {
    own[index].name = attributes[index].name;
    own[index].length = attributes[index].length;
    own[index].value = attributes[index].value;
  }
}

// Grows an array to hold `count` elements; false without memory.
static bool reserve(void **array, size_t *capacity, size_t count, size_t size) {
  if (count <= *capacity) return true;
  size_t wanted = count * 2 < 64 ? 64 : count * 2;
  void *grown = realloc(*array, wanted * size);
  if (grown == NULL) return false;
  *array = grown;
  *capacity = wanted;
  return true;
}

static kept_event *add_event(kept_events *kept, kept_kind kind) {
  if (!reserve((void **)&kept->events, &kept->event_capacity, kept->event_count + 1, sizeof *kept->events)) {
    return NULL;
  }
  kept_event *event = &kept->events[kept->event_count++];
  *event = (kept_event){.kind = kind};
  return event;
}

// Offset of the copy, or -1 when there is no room for it.
static int64_t add_bytes(kept_events *kept, const xmlChar *bytes, size_t count) {
  size_t end = kept->byte_count + count;
  if (end > KEPT_LIMIT || !reserve((void **)&kept->bytes, &kept->byte_capacity, end + 1, 1)) return -1;
  memcpy(kept->bytes + kept->byte_count, bytes, count);
  int64_t offset = (int64_t)kept->byte_count;
  kept->byte_count = end;
  return offset;
}

// Each of these answers false when there is no room: then the schema gets to see what was kept, and this too.
static bool keep_start(
    xr_parser *reader, const xmlChar *name, const xmlChar *prefix, const xmlChar *namespace_name,
    int32_t count, const xmlChar **attributes) {
  if (reader->is_plain) return true;  // its tokens are the record
  kept_events *kept = &reader->kept;
  size_t first = kept->attribute_count;
  if (kept->event_count > KEPT_LIMIT / 16 ||
      !reserve(
          (void **)&kept->attributes, &kept->attribute_capacity, first + (size_t)count,
          sizeof *kept->attributes)) {
    return false;
  }
  for (int32_t index = 0; index < count; index++) {
    const xmlChar **attribute = attributes + 5 * index;
    uint32_t length = (uint32_t)(attribute[4] - attribute[3]);
    int64_t offset = add_bytes(kept, attribute[3], length);
    if (offset < 0) return false;
    kept->attributes[first + (size_t)index] =
        (kept_attribute){attribute[0], attribute[1], attribute[2], (uint32_t)offset, length};
  }
  kept_event *event = add_event(kept, KEPT_START);
  if (event == NULL) return false;
  kept->attribute_count = first + (size_t)count;
  event->name = name;
  event->prefix = prefix;
  event->namespace_name = namespace_name;
  event->first = (uint32_t)first;
  event->count = (uint32_t)count;
  return true;
}

static bool keep_end(
    xr_parser *reader, const xmlChar *name, const xmlChar *prefix, const xmlChar *namespace_name) {
  if (reader->is_plain) return true;
  kept_event *event = add_event(&reader->kept, KEPT_END);
  if (event == NULL) return false;
  event->name = name;
  event->prefix = prefix;
  event->namespace_name = namespace_name;
  return true;
}

static bool keep_text(xr_parser *reader, const xmlChar *bytes, uint32_t count) {
  if (reader->is_plain) return true;
  kept_events *kept = &reader->kept;
  kept_event *last = kept->event_count > 0 ? &kept->events[kept->event_count - 1] : NULL;
  int64_t offset = add_bytes(kept, bytes, count);
  if (offset < 0) return false;
  // Pieces of one text lie side by side.
  if (last != NULL && last->kind == KEPT_TEXT) {
    last->count += count;
    return true;
  }
  kept_event *event = add_event(kept, KEPT_TEXT);
  if (event == NULL) return false;
  event->first = (uint32_t)offset;
  event->count = count;
  return true;
}

static inline void forget_kept(xr_parser *reader) {
  reader->kept.event_count = 0;
  reader->kept.attribute_count = 0;
  reader->kept.byte_count = 0;
  reader->kept.depth = 0;
}

// The attributes of a tag as libxml2 hands them over; `attributes` has room for five times their number.
static void spell_attributes(
    const xr_parser *reader, const xr_attribute *own, int32_t count, const xmlChar **attributes) {
  for (int32_t index = 0; index < count; index++) {
    attributes[5 * index] = reader->keys[own[index].name];
    attributes[5 * index + 1] = NULL;
    attributes[5 * index + 2] = NULL;
    attributes[5 * index + 3] = own[index].value;
    attributes[5 * index + 4] = own[index].value + own[index].length;
  }
}

// The same of a plain entry: everything before the token at hand.
static void show_plain(xr_parser *reader) {
  const xmlChar *attributes[5 * ATTRIBUTE_LIMIT];
  for (size_t index = 0; index + 1 < reader->plain_next && !reader->out_of_memory; index++) {
    const plain_token *token = &reader->plain.tokens[index];
    switch (token->kind) {
      case PLAIN_START: {
        xr_attribute own[ATTRIBUTE_LIMIT];
        plain_attributes(reader, token, own);
        spell_attributes(reader, own, (int32_t)token->count, attributes);
        reader->schema_start(
            reader->plug_context, reader->keys[token->name], NULL, reader->namespace_name, 0, NULL,
            (int)token->count, 0, attributes);
        break;
      }
      case PLAIN_END:
        reader->schema_end(
            reader->plug_context, reader->keys[token->name], NULL, reader->namespace_name);
        break;
      case PLAIN_TEXT:
        if (!is_blank(token->text, token->count)) {
          reader->schema_text(reader->plug_context, token->text, (int)token->count);
        }
        break;
    }
  }
  forget_kept(reader);
}

// Shows the schema everything that was kept back. From here to the end of the element it judges itself.
static void show_kept(xr_parser *reader) {
  if (reader->is_plain) return show_plain(reader);
  kept_events *kept = &reader->kept;
  for (size_t index = 0; index < kept->event_count && !reader->out_of_memory; index++) {
    const kept_event *event = &kept->events[index];
    switch (event->kind) {
      case KEPT_START: {
        const xmlChar *attributes[5 * ATTRIBUTE_LIMIT];
        for (uint32_t offset = 0; offset < event->count; offset++) {
          const kept_attribute *attribute = &kept->attributes[event->first + offset];
          const xmlChar *value = kept->bytes + attribute->offset;
          attributes[5 * offset] = attribute->name;
          attributes[5 * offset + 1] = attribute->prefix;
          attributes[5 * offset + 2] = attribute->namespace_name;
          attributes[5 * offset + 3] = value;
          attributes[5 * offset + 4] = value + attribute->length;
        }
        reader->schema_start(
            reader->plug_context, event->name, event->prefix, event->namespace_name, 0, NULL,
            (int)event->count, 0, attributes);
        break;
      }
      case KEPT_END:
        reader->schema_end(reader->plug_context, event->name, event->prefix, event->namespace_name);
        break;
      case KEPT_TEXT:
        reader->schema_text(reader->plug_context, kept->bytes + event->first, (int)event->count);
        break;
    }
  }
  forget_kept(reader);
}

// MARK: SAX

// Takes the element that was closed before off the stack.
static inline void settle(xr_parser *reader) {
  if (!reader->closing) return;
  reader->closing = false;
  reader->depth--;
}

static bool choose_vocabulary(xr_parser *reader, const xmlChar *namespace_name) {
  reader->vocabulary = -2;
  for (int32_t index = 0; index < reader->vocabulary_count; index++) {
    const xr_vocabulary *vocabulary = &reader->vocabularies[index];
    if (namespace_name == NULL || !xmlStrEqual(namespace_name, (const xmlChar *)vocabulary->namespace_name)) {
      continue;
    }
    reader->namespace_name = namespace_name;
    reader->validation = xmlSchemaNewValidCtxt(vocabulary->schema->schema);
    if (reader->validation == NULL) {
      reader->out_of_memory = true;
      return false;
    }
    xmlSchemaValidateSetLocator(reader->validation, locate, reader);
    reader->vocabulary = index;
    reader->list = vocabulary->list;
    return true;
  }
  if (namespace_name != NULL) reader->unknown_namespace = strdup((const char *)namespace_name);
  return false;
}

// libxml2 hands attribute values over with each ampersand written `&#38;`. Read from left to right, so that `&amp;#38;`
// gives `&#38;` and not `&`.
static const uint8_t *decode(xr_parser *reader, const uint8_t *value, uint32_t *length, size_t *used) {
  if (memchr(value, '&', *length) == NULL) return value;
  size_t needed = *used + *length;
  if (needed > reader->decoded_capacity) return NULL;
  uint8_t *target = reader->decoded + *used;
  size_t count = 0;
  for (uint32_t index = 0; index < *length;) {
    if (*length - index >= 5 && memcmp(value + index, "&#38;", 5) == 0) {
      target[count++] = '&';
      index += 5;
    } else {
      target[count++] = value[index++];
    }
  }
  *length = (uint32_t)count;
  *used += count;
  return target;
}

// Room for all values of one tag at once, so that no pointer moves while they are handed over.
static bool reserve_decoded(xr_parser *reader, int count, const xmlChar **attributes) {
  size_t needed = 0;
  for (int index = 0; index < count; index++) {
    const xmlChar **attribute = attributes + 5 * index;
    size_t length = (size_t)(attribute[4] - attribute[3]);
    if (memchr(attribute[3], '&', length) != NULL) needed += length;
  }
  if (needed <= reader->decoded_capacity) return true;
  uint8_t *decoded = realloc(reader->decoded, needed);
  if (decoded == NULL) return false;
  reader->decoded = decoded;
  reader->decoded_capacity = needed;
  return true;
}

// The schema's handlers are not put into the parser: ours stay there and call them, because they hold texts together
// and know the lines.
static bool plug_schema(xr_parser *reader) {
  reader->plug_sax = NULL;
  reader->plug = xmlSchemaSAXPlug(reader->validation, &reader->plug_sax, &reader->plug_context);
  if (reader->plug == NULL) return false;
  reader->schema_start = reader->plug_sax->startElementNs;
  reader->schema_end = reader->plug_sax->endElementNs;
  reader->schema_text = reader->plug_sax->characters;
  reader->schema_cdata = reader->plug_sax->cdataBlock;
  return true;
}

static void fail_for_memory(xr_parser *reader) {
  reader->out_of_memory = true;
  xr_parser_stop(reader);
}

static inline bool is_own_namespace(const xr_parser *reader, const xmlChar *namespace_name) {
  return namespace_name == reader->namespace_name;
}

// Fills `own` and says whether each attribute is one that a proof can be about.
static bool convert_attributes(
    xr_parser *reader, int32_t count, const xmlChar **attributes, xr_attribute *own) {
  size_t used = 0;
  bool are_known = true;
  for (int32_t index = 0; index < count; index++) {
    const xmlChar **attribute = attributes + 5 * index;
    uint32_t length = (uint32_t)(attribute[4] - attribute[3]);
    const uint8_t *value = decode(reader, attribute[3], &length, &used);
    own[index].name = attribute[2] == NULL ? name_id(reader, attribute[0]) : -1;
    own[index].value = value;
    own[index].length = length;
    if (own[index].name < 0) are_known = false;
  }
  return are_known;
}

// A start tag of any source. `attributes` is NULL for one of a plain entry.
static void take_start(
    xr_parser *reader, int32_t id, const xmlChar *name, const xmlChar *prefix, const xmlChar *namespace_name,
    int namespace_count, const xmlChar **namespaces, int attribute_count, int defaulted,
    const xmlChar **attributes, const xr_attribute *own, int32_t count, bool may_be_kept) {
  int64_t line = parser_line(reader);
  if (reader->depth < DEPTH_LIMIT) reader->lines[reader->depth] = line;
  reader->depth++;
  if (reader->list_depth == 0 && id >= 0 && id == reader->list && prefix == NULL) {
    reader->list_depth = reader->depth;
  }
  int32_t wish = reader->callbacks.start(reader->context, id, line, own, count);
  reader->capturing = (wish & XR_TEXT) != 0;
  if (reader->capturing) {
    reader->text = (const uint8_t *)"";
    reader->text_count = 0;
  }
  int32_t answer = may_be_kept ? wish & ~XR_TEXT : XR_CHECK;
  if (answer == XR_BEGIN && reader->kept.depth == 0 && (!reader->is_plain || reader->plain_next == 1)) {
    reader->kept.depth = reader->depth;
  }
  if (reader->kept.depth > 0) {
    if (answer != XR_CHECK && keep_start(reader, name, prefix, namespace_name, count, attributes)) return;
    show_kept(reader);
  }
  const xmlChar *spelled[5 * ATTRIBUTE_LIMIT];
  if (attributes == NULL) {
    spell_attributes(reader, own, count, spelled);
    attributes = spelled;
  }
  reader->schema_start(
      reader->plug_context, name, prefix, namespace_name, namespace_count, namespaces, attribute_count,
      defaulted, attributes);
}

static void on_start(
    void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *namespace_name,
    int namespace_count, const xmlChar **namespaces, int attribute_count, int defaulted,
    const xmlChar **attributes) {
  xr_parser *reader = context;
  if (reader->vocabulary == -1) {
    reader->root_line = parser_line(reader);
    if (!choose_vocabulary(reader, namespace_name)) return xr_parser_stop(reader);
    if (!plug_schema(reader)) return fail_for_memory(reader);
  }
  if (reader->stopped) return;
  flush_text(reader);
  settle(reader);
  xr_attribute own[ATTRIBUTE_LIMIT];
  int32_t count = attribute_count < ATTRIBUTE_LIMIT ? attribute_count : ATTRIBUTE_LIMIT;
  if (!reserve_decoded(reader, count, attributes)) return fail_for_memory(reader);
  bool is_own = is_own_namespace(reader, namespace_name);
  bool may_be_kept = convert_attributes(reader, count, attributes, own) && count == attribute_count &&
                     namespace_count == 0 && is_own;
  take_start(
      reader, is_own ? name_id(reader, name) : -1, name, prefix, namespace_name, namespace_count, namespaces,
      attribute_count, defaulted, attributes, own, count, may_be_kept);
}

static void take_end(
    xr_parser *reader, int32_t id, const xmlChar *name, const xmlChar *prefix, const xmlChar *namespace_name) {
  flush_text(reader);
  settle(reader);
  reader->capturing = false;
  if (reader->list_depth == reader->depth) reader->list_depth = 0;
  reader->closing = true;  // settled at the next event: the schema reports about this element now
  xr_answer answer =
      reader->callbacks.end(reader->context, id, reader->text, (int32_t)reader->text_count);
  if (reader->kept.depth > 0) {
    if (answer != XR_CHECK && reader->kept.depth == reader->depth) return forget_kept(reader);
    if (answer != XR_CHECK && keep_end(reader, name, prefix, namespace_name)) return;
    show_kept(reader);
  }
  reader->schema_end(reader->plug_context, name, prefix, namespace_name);
}

static void on_end(
    void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *namespace_name) {
  xr_parser *reader = context;
  if (reader->stopped) return;
  int32_t id = is_own_namespace(reader, namespace_name) ? name_id(reader, name) : -1;
  take_end(reader, id, name, prefix, namespace_name);
}

// Adds a piece to the text of the element at hand.
static bool capture(xr_parser *reader, const xmlChar *bytes, size_t count) {
  if (reader->is_plain) {
    reader->text = bytes;  // plain elements have their text in one piece
    reader->text_count = count;
    return true;
  }
  size_t end = reader->text_count + count;
  if (end > INT32_MAX || !reserve((void **)&reader->captured, &reader->captured_capacity, end, 1)) {
    return false;
  }
  memcpy(reader->captured + reader->text_count, bytes, count);
  reader->text = reader->captured;
  reader->text_count = end;
  return true;
}

static inline void take_text(xr_parser *reader, const xmlChar *bytes, int count, bool is_cdata) {
  if (reader->stopped || reader->vocabulary < 0) return;
  settle(reader);
  if (reader->capturing && count > 0) {
    if (!capture(reader, bytes, (size_t)count)) return fail_for_memory(reader);
    if (reader->kept.depth > 0) {
      if (!is_cdata && keep_text(reader, bytes, (uint32_t)count)) return;
      show_kept(reader);
    }
  } else if (reader->kept.depth > 0) {
    if (!is_cdata && is_blank(bytes, (size_t)count)) return;
    show_kept(reader);
  }
  push_text_to_schema(reader, bytes, count, is_cdata);
}

static void on_text(void *context, const xmlChar *bytes, int count) { take_text(context, bytes, count, false); }

static void on_cdata(void *context, const xmlChar *bytes, int count) { take_text(context, bytes, count, true); }

// MARK: Plain entries

// Hands one plain entry over, as libxml2 would.
static void take_entry(xr_parser *reader, int64_t first_line) {
  reader->is_plain = true;
  reader->plain_count++;
  reader->plain_line = first_line;
  for (reader->plain_next = 0; reader->plain_next < reader->plain.token_count && !reader->stopped;) {
    const plain_token *token = &reader->plain.tokens[reader->plain_next++];
    switch (token->kind) {
      case PLAIN_START: {
        xr_attribute own[ATTRIBUTE_LIMIT];
        flush_text(reader);
        settle(reader);
        plain_attributes(reader, token, own);
        reader->plain_line = first_line + token->newlines;
        take_start(
            reader, token->name, reader->keys[token->name], NULL, reader->namespace_name, 0, NULL,
            (int)token->count, 0, NULL, own, (int32_t)token->count, true);
        break;
      }
      case PLAIN_END:
        take_end(reader, token->name, reader->keys[token->name], NULL, reader->namespace_name);
        break;
      case PLAIN_TEXT:
        take_text(reader, token->text, (int)token->count, false);
        break;
    }
  }
  reader->is_plain = false;
}

// Whether libxml2 stands right behind an entry of the list, with nothing of its input left and nothing amiss. The
// elements of the list are unprefixed, so unprefixed names inside belong to the same namespace.
static bool is_behind_entry(const xr_parser *reader) {
  const xmlParserCtxtPtr parser = reader->parser;
  return !reader->stopped && reader->list_depth > 0 && reader->closing &&
         reader->depth == reader->list_depth + 1 && reader->kept.depth == 0 && reader->held_count == 0 &&
         reader->parser_errors == 0 && parser->wellFormed == 1 && parser->disableSAX == 0 &&
         parser->instate == XML_PARSER_CONTENT && parser->inputNr == 1 && parser->input != NULL &&
         parser->input->cur == parser->input->end &&
         (parser->input->buf == NULL || parser->input->buf->encoder == NULL);
}

// Reads plain entries from the beginning of the bytes and returns how many bytes they took, white space before each
// included.
static size_t take_entries(xr_parser *reader, const uint8_t *bytes, size_t count) {
  int32_t entry = reader->vocabularies[reader->vocabulary].entry;
  size_t taken = 0;
  while (!reader->stopped) {
    size_t start = taken;
    int newlines = 0;
    for (; start < count; start++) {
      uint8_t byte = bytes[start];
      if (byte == '\r' && (start + 1 == count || bytes[start + 1] != '\n')) break;
      if (byte != ' ' && byte != '\n' && byte != '\t' && byte != '\r') break;
      newlines += byte == '\n';
    }
    size_t length = plain_read(&reader->plain_names, entry, bytes + start, count - start, &reader->plain);
    if (length == 0) break;
    take_entry(reader, (int64_t)reader->parser->input->line + newlines);
    // libxml2 never sees these bytes; only its lines go on.
    reader->parser->input->line += newlines + (int)reader->plain.newlines;
    taken = start + length;
  }
  return taken;
}

// Offset behind the first end tag of an entry, 0 when there is none.
static size_t behind_entry(const xr_parser *reader, const uint8_t *bytes, size_t count) {
  const char *name = (const char *)reader->keys[reader->vocabularies[reader->vocabulary].entry];
  size_t length = strlen(name);
  const uint8_t *end = bytes + count;
  for (const uint8_t *place = bytes; place < end; place++) {
    place = memchr(place, '<', (size_t)(end - place));
    if (place == NULL || (size_t)(end - place) < length + 3) return 0;
    if (place[1] == '/' && place[length + 2] == '>' && memcmp(place + 2, name, length) == 0) {
      return (size_t)(place - bytes) + length + 3;
    }
  }
  return 0;
}

// Parses bytes, as much of them as possible without libxml2.
static void parse(xr_parser *reader, const uint8_t *bytes, size_t count, bool is_last) {
  // Up to the root's start tag, which says what the entries are called.
  for (int tags = 0; tags < 4 && reader->reads_plainly && reader->vocabulary == -1 && count > 0; tags++) {
    const uint8_t *mark = memchr(bytes, '>', count);
    if (mark == NULL) break;
    size_t first = (size_t)(mark - bytes) + 1;
    xmlParseChunk(reader->parser, (const char *)bytes, (int)first, 0);
    bytes += first;
    count -= first;
  }
  bool tries = reader->reads_plainly && reader->vocabulary >= 0 && reader->list >= 0;
  while (tries && !reader->stopped) {
    size_t first = behind_entry(reader, bytes, count);
    if (first == 0) break;
    xmlParseChunk(reader->parser, (const char *)bytes, (int)first, 0);
    bytes += first;
    count -= first;
    if (!is_behind_entry(reader)) break;
    if (reader->plain.tokens == NULL && !plain_allocate(&reader->plain)) return fail_for_memory(reader);
    size_t taken = take_entries(reader, bytes, count);
    bytes += taken;
    count -= taken;
  }
  // libxml2 walks to the end of its bytes even after it was stopped.
  if (count > 0 || is_last) xmlParseChunk(reader->parser, (const char *)bytes, (int)count, is_last ? 1 : 0);
}

// The gate has refused every DOCTYPE; whatever gets here anyway ends the document.
static void on_document_type(
    void *context, const xmlChar *name, const xmlChar *public_identifier, const xmlChar *system_identifier) {
  xr_parser *reader = context;
  (void)name;
  (void)public_identifier;
  (void)system_identifier;
  report(reader, XR_ORIGIN_PARSER, XML_ERR_DOCTYPE_NOT_FINISHED, parser_line(reader), "DOCTYPE is not allowed");
  xr_parser_stop(reader);
}

// MARK: Life

xr_parser *xr_parser_create(
    const xr_vocabulary *vocabularies, int32_t vocabulary_count, const char *const *names,
    int32_t name_count, bool transcoded, bool reads_plainly,
    const xr_callbacks *callbacks, void *context) {
  initialize_once();
  if (name_count > NAME_SLOTS / 2) return NULL;
  xr_parser *reader = calloc(1, sizeof *reader);
  if (reader == NULL) return NULL;
  reader->vocabularies = vocabularies;
  reader->vocabulary_count = vocabulary_count;
  reader->vocabulary = -1;
  reader->callbacks = *callbacks;
  reader->context = context;
  reader->reads_plainly = reads_plainly;
  reader->list = -1;
  reader->text = (const uint8_t *)"";

  xmlSAXHandler sax;
  memset(&sax, 0, sizeof sax);
  sax.initialized = XML_SAX2_MAGIC;
  sax.startElementNs = on_start;
  sax.endElementNs = on_end;
  sax.characters = on_text;
  sax.ignorableWhitespace = on_text;
  sax.cdataBlock = on_cdata;
  sax.internalSubset = on_document_type;
  reader->parser = xmlCreatePushParserCtxt(&sax, reader, NULL, 0, NULL);
  if (reader->parser == NULL) {
    free(reader);
    return NULL;
  }
  int options = XML_PARSE_NONET | XML_PARSE_BIG_LINES;
  if (transcoded) options |= XML_PARSE_IGNORE_ENC;
#if LIBXML_VERSION >= 21300
  options |= XML_PARSE_NO_XXE;
#endif
  xmlCtxtUseOptions(reader->parser, options);
  for (int32_t id = 0; id < name_count; id++) intern(reader, names[id], id);
  if (reader->out_of_memory) {
    xr_parser_free(reader);
    return NULL;
  }
  return reader;
}

void xr_parser_free(xr_parser *reader) {
  if (reader->plug != NULL) xmlSchemaSAXUnplug(reader->plug);
  if (reader->validation != NULL) xmlSchemaFreeValidCtxt(reader->validation);
  if (reader->parser->myDoc != NULL) xmlFreeDoc(reader->parser->myDoc);
  xmlFreeParserCtxt(reader->parser);
  free(reader->unknown_namespace);
  free(reader->held);
  free(reader->decoded);
  free(reader->captured);
  plain_free(&reader->plain);
  free(reader->kept.events);
  free(reader->kept.attributes);
  free(reader->kept.bytes);
  free(reader);
}

// libxml2 is not told: being stopped inside one of its own error handlers frees the input that it goes on reading. It
// runs to the end of the bytes it has, and nothing of that comes out.
void xr_parser_stop(xr_parser *reader) { reader->stopped = true; }

// An error that reached no handler is taken from the parser itself: silence is not consent.
static void pick_up_lost_errors(xr_parser *reader) {
  if (reader->stopped) return;
  bool is_broken = reader->parser->wellFormed == 0 || reader->parser->disableSAX != 0;
  if (is_broken && reader->parser_errors == 0) {
    const xmlError *last = xmlCtxtGetLastError(reader->parser);
    if (last != NULL && last->code != XML_ERR_OK) {
      report(reader, XR_ORIGIN_PARSER, last->code, last->line, last->message);
    } else {
      report(reader, XR_ORIGIN_PARSER, reader->parser->errNo, parser_line(reader), "not well-formed");
    }
  }
  if (reader->errors == 0 && (reader->parser->errNo != XML_ERR_OK || reader->parser->nsWellFormed == 0)) {
    const xmlError *last = xmlCtxtGetLastError(reader->parser);
    if (last == NULL || last->level >= XML_ERR_ERROR || reader->parser->nsWellFormed == 0) {
      report(
          reader, XR_ORIGIN_NAMESPACE, reader->parser->errNo, parser_line(reader),
          last == NULL ? "" : last->message);
    }
  }
}

bool xr_parser_push(xr_parser *reader, const uint8_t *bytes, int32_t count, bool is_last) {
  if (reader->stopped || reader->ended) return false;
  saved_handlers saved = set_handlers(on_error, on_print, reader);
  parse(reader, bytes, (size_t)count, is_last);
  pick_up_lost_errors(reader);
  xmlResetLastError();
  restore_handlers(saved);
  if (reader->out_of_memory) {
    reader->stopped = false;
    report(reader, XR_ORIGIN_INTERNAL, XML_ERR_NO_MEMORY, parser_line(reader), "out of memory");
    reader->stopped = true;
  }
  if (is_last) reader->ended = true;
  return !reader->stopped && reader->parser_errors == 0;
}

int32_t xr_parser_vocabulary(const xr_parser *reader) { return reader->vocabulary; }

const char *xr_parser_unknown_namespace(const xr_parser *reader) { return reader->unknown_namespace; }

int64_t xr_parser_root_line(const xr_parser *reader) { return reader->root_line; }

int64_t xr_parser_plain_entries(const xr_parser *reader) { return reader->plain_count; }

bool xr_parser_is_well_formed(const xr_parser *reader) {
  return reader->parser_errors == 0 && !reader->stopped && reader->parser->wellFormed == 1;
}

bool xr_parser_accepts(const xr_parser *reader) {
  return reader->ended && !reader->stopped && !reader->out_of_memory && reader->errors == 0 &&
         reader->vocabulary >= 0 && reader->parser->wellFormed == 1 && reader->parser->nsWellFormed == 1 &&
         xmlSchemaIsValid(reader->validation) == 1;
}
