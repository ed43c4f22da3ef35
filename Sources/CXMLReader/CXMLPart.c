#include "CXMLPart.h"

#include "ErrorChannels.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <string.h>

enum {
  DEPTH_LIMIT = 64,
  ATTRIBUTE_LIMIT = 64,        // of one tag
  TAG_LIMIT = 1 << 18,         // bytes of one tag
  TEXT_LIMIT = 1 << 20,        // bytes between two tags
  COMMENT_LIMIT = 2 << 20,     // bytes of all comments and processing instructions
  NAME_SLOTS = 256             // open addressing; names are far fewer
};

// Where in the markup a byte stands. Only ever before a byte reaches libxml2.
typedef enum scan_state {
  SCAN_START,        // before the first byte
  SCAN_TEXT,
  SCAN_OPEN,         // behind <
  SCAN_TAG,
  SCAN_SINGLE,       // in a value
  SCAN_DOUBLE,
  SCAN_INSTRUCTION,  // <?
  SCAN_BANG,         // <!
  SCAN_COMMENT,
  SCAN_CDATA
} scan_state;

typedef struct name_slot {
  const xmlChar *key;
  int32_t id;
} name_slot;

struct xr_part {
  xmlParserCtxtPtr parser;
  xr_part_callbacks callbacks;
  void *context;
  name_slot names[NAME_SLOTS];            // of elements and plain attributes
  name_slot qualified_names[NAME_SLOTS];  // of attributes of a namespace
  const xmlChar *namespace_name;          // of the root, interned
  int32_t depth;

  scan_state state;
  uint8_t matched;        // bytes of an opening or closing mark seen so far
  uint32_t mark_bytes;    // of a byte order mark
  int32_t attributes;     // of the tag at hand
  size_t run;             // bytes of the tag or text at hand
  size_t comment_bytes;

  xr_attribute handed[ATTRIBUTE_LIMIT];
  uint8_t *decoded;  // attribute values with an ampersand
  size_t decoded_capacity;

  xr_part_fault fault;
  int64_t fault_line;
  bool has_root, ended, stopped;
};

// MARK: Faults

static int64_t line_of(const xr_part *part) {
  return part->parser->input == NULL ? 0 : (int64_t)part->parser->input->line;
}

// The first fault counts. libxml2 is not told: it runs to the end of the bytes it has, and nothing of that comes out.
static void fail(xr_part *part, xr_part_fault fault, int64_t line) {
  if (part->stopped) return;
  part->stopped = true;
  part->fault = fault;
  part->fault_line = line < 0 ? 0 : line;
}

static void on_error(void *context, reported_error error) {
  xr_part *part = context;
  if (error == NULL || error->level < XML_ERR_ERROR) return;
  fail(part, error->code == XML_ERR_NO_MEMORY ? XR_PART_NO_MEMORY : XR_PART_MALFORMED,
       error->line > 0 ? error->line : line_of(part));
}

static void on_print(void *context, const char *format, ...) {
  (void)format;
  fail(context, XR_PART_MALFORMED, line_of(context));
}

static void on_document_type(
    void *context, const xmlChar *name, const xmlChar *public_identifier, const xmlChar *system_identifier) {
  (void)name;
  (void)public_identifier;
  (void)system_identifier;
  fail(context, XR_PART_FORBIDDEN, line_of(context));
}

// MARK: The gate

// What costs libxml2 more time than bytes, and what it would read in another encoding, is refused before it sees it.
// Returns false at the first byte that is not allowed.
static bool scan(xr_part *part, const uint8_t *bytes, size_t count) {
  static const uint8_t cdata[] = "[CDATA[";
  for (size_t index = 0; index < count; index++) {
    uint8_t byte = bytes[index];
    if (byte == 0) return false;  // UTF-16 and UTF-32 have zero bytes in every tag
    switch (part->state) {
      case SCAN_START: {
        static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};
        if (part->mark_bytes < 3 && byte == mark[part->mark_bytes]) {
          part->mark_bytes++;
          break;
        }
        if (byte != '<' || (part->mark_bytes != 0 && part->mark_bytes != 3)) return false;
        part->state = SCAN_OPEN;
        break;
      }
      case SCAN_TEXT:
        if (byte == '<') {
          part->state = SCAN_OPEN;
        } else if (++part->run > TEXT_LIMIT) {
          return false;
        }
        break;
      case SCAN_OPEN:
        part->run = 0;
        part->attributes = 0;
        part->matched = 0;
        part->state = byte == '?' ? SCAN_INSTRUCTION : byte == '!' ? SCAN_BANG : SCAN_TAG;
        if (byte == '>') return false;
        break;
      case SCAN_TAG:
        if (byte == '>') {
          part->state = SCAN_TEXT;
          part->run = 0;
        } else if (byte == '"') {
          part->state = SCAN_DOUBLE;
        } else if (byte == '\'') {
          part->state = SCAN_SINGLE;
        } else if (byte == '=' && ++part->attributes > ATTRIBUTE_LIMIT) {
          return false;
        }
        if (++part->run > TAG_LIMIT) return false;
        break;
      case SCAN_SINGLE:
      case SCAN_DOUBLE:
        if (byte == (part->state == SCAN_SINGLE ? '\'' : '"')) part->state = SCAN_TAG;
        if (++part->run > TAG_LIMIT) return false;
        break;
      case SCAN_BANG:
        // <!-- or <![CDATA[; everything else is a DOCTYPE or a part of one.
        if (part->matched == 0 && byte == '-') {
          part->matched = 100;
        } else if (part->matched == 100) {
          if (byte != '-') return false;
          part->state = SCAN_COMMENT;
          part->matched = 0;
        } else if (byte != cdata[part->matched]) {
          return false;
        } else if (++part->matched == 7) {
          part->state = SCAN_CDATA;
          part->matched = 0;
        }
        break;
      case SCAN_INSTRUCTION:
        if (byte == '>' && part->matched == 1) {
          part->state = SCAN_TEXT;
          part->run = 0;
        }
        part->matched = byte == '?' ? 1 : 0;
        if (++part->comment_bytes > COMMENT_LIMIT) return false;
        break;
      case SCAN_COMMENT:
      case SCAN_CDATA: {
        uint8_t closing = part->state == SCAN_COMMENT ? '-' : ']';
        if (byte == '>' && part->matched >= 2) {
          part->state = SCAN_TEXT;
          part->run = 0;
        } else {
          part->matched = byte != closing ? 0 : part->matched < 2 ? part->matched + 1 : 2;
        }
        size_t *counter = closing == '-' ? &part->comment_bytes : &part->run;
        if (++*counter > (closing == '-' ? COMMENT_LIMIT : TEXT_LIMIT)) return false;
        break;
      }
    }
  }
  return true;
}

// MARK: Names

static size_t slot_of(const xmlChar *key) {
  return (size_t)(((uint64_t)(uintptr_t)key * 0x9E3779B97F4A7C15u) >> 56);
}

static bool intern(xr_part *part, const char *name, int32_t id) {
  name_slot *slots = name[0] == ':' ? part->qualified_names : part->names;
  const char *local = name[0] == ':' ? name + 1 : name;
  const xmlChar *key = xmlDictLookup(part->parser->dict, (const xmlChar *)local, -1);
  if (key == NULL) return false;
  size_t slot = slot_of(key);
  while (slots[slot].key != NULL) slot = (slot + 1) % NAME_SLOTS;
  slots[slot] = (name_slot){key, id};
  return true;
}

static int32_t name_id(const name_slot *slots, const xmlChar *key) {
  size_t slot = slot_of(key);
  while (slots[slot].key != NULL) {
    if (slots[slot].key == key) return slots[slot].id;
    slot = (slot + 1) % NAME_SLOTS;
  }
  return -1;
}

// MARK: Events

// libxml2 hands attribute values over with each ampersand written `&#38;`. Read from left to right, so that `&amp;#38;`
// gives `&#38;` and not `&`.
static uint32_t decode(const uint8_t *value, uint32_t length, uint8_t *target) {
  uint32_t count = 0;
  for (uint32_t index = 0; index < length;) {
    if (length - index >= 5 && memcmp(value + index, "&#38;", 5) == 0) {
      target[count++] = '&';
      index += 5;
    } else {
      target[count++] = value[index++];
    }
  }
  return count;
}

static bool is_own_namespace(const xr_part *part, const xmlChar *namespace_name) {
  return part->namespace_name == namespace_name ||
         (part->namespace_name != NULL && namespace_name != NULL && xmlStrEqual(part->namespace_name, namespace_name));
}

static void on_start(
    void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *namespace_name,
    int namespace_count, const xmlChar **namespaces, int attribute_count, int default_count,
    const xmlChar **attributes) {
  xr_part *part = context;
  (void)prefix;
  (void)namespace_count;
  (void)namespaces;
  (void)default_count;
  if (part->stopped) return;
  if (part->depth >= DEPTH_LIMIT || attribute_count > ATTRIBUTE_LIMIT) {
    return fail(part, XR_PART_FORBIDDEN, line_of(part));
  }
  if (!part->has_root) {
    part->has_root = true;
    part->namespace_name = namespace_name;
  }
  part->depth++;
  int32_t element = is_own_namespace(part, namespace_name) ? name_id(part->names, name) : -1;
  if (element < 0) return part->callbacks.start(part->context, -1, line_of(part), part->handed, 0);
  size_t needed = 0;
  for (int index = 0; index < attribute_count; index++) {
    needed += (size_t)(attributes[5 * index + 4] - attributes[5 * index + 3]);
  }
  if (needed > part->decoded_capacity) {
    uint8_t *decoded = realloc(part->decoded, needed * 2);
    if (decoded == NULL) return fail(part, XR_PART_NO_MEMORY, line_of(part));
    part->decoded = decoded;
    part->decoded_capacity = needed * 2;
  }
  size_t used = 0;
  for (int index = 0; index < attribute_count; index++) {
    const xmlChar **attribute = attributes + 5 * index;
    xr_attribute *own = &part->handed[index];
    own->name = name_id(attribute[2] == NULL ? part->names : part->qualified_names, attribute[0]);
    own->length = (uint32_t)(attribute[4] - attribute[3]);
    own->value = attribute[3];
    if (memchr(attribute[3], '&', own->length) == NULL) continue;
    own->length = decode(attribute[3], own->length, part->decoded + used);
    own->value = part->decoded + used;
    used += own->length;
  }
  part->callbacks.start(part->context, element, line_of(part), part->handed, attribute_count);
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *namespace_name) {
  xr_part *part = context;
  (void)prefix;
  if (part->stopped) return;
  part->depth--;
  part->callbacks.end(part->context, is_own_namespace(part, namespace_name) ? name_id(part->names, name) : -1);
}

static void on_text(void *context, const xmlChar *bytes, int count) {
  xr_part *part = context;
  if (!part->stopped) part->callbacks.text(part->context, bytes, count);
}

// MARK: Life

xr_part *xr_part_create(
    const char *const *names, int32_t name_count, const xr_part_callbacks *callbacks, void *context) {
  (void)xr_version();  // sets libxml2 up once for the process
  if (name_count > NAME_SLOTS / 2) return NULL;
  xr_part *part = calloc(1, sizeof *part);
  if (part == NULL) return NULL;
  part->callbacks = *callbacks;
  part->context = context;
  xmlSAXHandler sax;
  memset(&sax, 0, sizeof sax);
  sax.initialized = XML_SAX2_MAGIC;
  sax.startElementNs = on_start;
  sax.endElementNs = on_end;
  sax.characters = on_text;
  sax.ignorableWhitespace = on_text;
  sax.cdataBlock = on_text;
  sax.internalSubset = on_document_type;
  part->parser = xmlCreatePushParserCtxt(&sax, part, NULL, 0, NULL);
  if (part->parser == NULL) {
    free(part);
    return NULL;
  }
  int options = XML_PARSE_NONET | XML_PARSE_BIG_LINES | XML_PARSE_IGNORE_ENC;
#if LIBXML_VERSION >= 21300
  options |= XML_PARSE_NO_XXE;
#endif
  xmlCtxtUseOptions(part->parser, options);
  for (int32_t id = 0; id < name_count; id++) {
    if (!intern(part, names[id], id)) {
      xr_part_free(part);
      return NULL;
    }
  }
  return part;
}

void xr_part_free(xr_part *part) {
  if (part->parser->myDoc != NULL) xmlFreeDoc(part->parser->myDoc);
  xmlFreeParserCtxt(part->parser);
  free(part->decoded);
  free(part);
}

void xr_part_stop(xr_part *part) { part->stopped = true; }

bool xr_part_push(xr_part *part, const uint8_t *bytes, int32_t count, bool is_last) {
  if (part->stopped || part->ended) return false;
  if (count > 0 && !scan(part, bytes, (size_t)count)) {
    fail(part, XR_PART_FORBIDDEN, line_of(part));
    return false;
  }
  saved_handlers saved = set_handlers(on_error, on_print, part);
  xmlParseChunk(part->parser, (const char *)bytes, count, is_last ? 1 : 0);
  xmlResetLastError();
  restore_handlers(saved);
  // An error that reached no handler is taken from the parser itself: silence is not consent.
  bool is_broken = part->parser->wellFormed == 0 || part->parser->nsWellFormed == 0 || part->parser->disableSAX != 0;
  if (is_broken) fail(part, XR_PART_MALFORMED, line_of(part));
  if (is_last) part->ended = true;
  return !part->stopped;
}

xr_part_fault xr_part_verdict(const xr_part *part) {
  if (part->fault != XR_PART_SOUND) return part->fault;
  return part->ended && !part->stopped && part->has_root ? XR_PART_SOUND : XR_PART_MALFORMED;
}

int64_t xr_part_fault_line(const xr_part *part) { return part->fault_line; }
