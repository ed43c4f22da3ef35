#include "PlainMarkup.h"

#include <stdlib.h>
#include <string.h>

// MARK: Names

static inline bool is_letter(uint8_t byte) { return (uint8_t)((byte | 0x20) - 'a') < 26; }

static inline bool is_space(uint8_t byte) { return byte == ' ' || byte == '\n' || byte == '\t'; }

static inline size_t slot_of(const uint8_t *bytes, size_t length) {
  return (bytes[0] * 7u + bytes[length - 1] * 31u + bytes[length / 2] * 3u + length * 67u) % PLAIN_NAME_SLOTS;
}

bool plain_add_name(plain_names *names, const char *name, int32_t id) {
  size_t length = strlen(name);
  if (length == 0 || id < 0 || id >= 64) return false;
  const uint8_t *bytes = (const uint8_t *)name;
  for (size_t index = 0; index < length; index++) {
    if (!is_letter(bytes[index])) return false;
  }
  size_t slot = slot_of(bytes, length);
  for (size_t step = 0; step < PLAIN_NAME_SLOTS / 2; step++) {
    plain_name *place = &names->slots[slot];
    if (place->length == 0) {
      *place = (plain_name){bytes, (uint32_t)length, id};
      return true;
    }
    slot = (slot + 1) % PLAIN_NAME_SLOTS;
  }
  return false;
}

// NULL for an unknown name. There is always an empty slot, so the search ends.
static inline const plain_name *find_name(const plain_names *names, const uint8_t *bytes, size_t length) {
  size_t slot = slot_of(bytes, length);
  for (;;) {
    const plain_name *place = &names->slots[slot];
    if (place->length == length && memcmp(place->bytes, bytes, length) == 0) return place;
    if (place->length == 0) return NULL;
    slot = (slot + 1) % PLAIN_NAME_SLOTS;
  }
}

// MARK: Memory

bool plain_allocate(plain_entry *entry) {
  entry->tokens = malloc(PLAIN_TOKEN_LIMIT * sizeof *entry->tokens);
  entry->attributes = malloc(PLAIN_TOKEN_LIMIT * sizeof *entry->attributes);
  return entry->tokens != NULL && entry->attributes != NULL;
}

void plain_free(plain_entry *entry) {
  free(entry->tokens);
  free(entry->attributes);
}

// MARK: Reading

typedef struct cursor {
  const plain_names *names;
  const uint8_t *place;
  const uint8_t *end;
  plain_entry *entry;
  uint32_t newlines;
} cursor;

static inline const plain_name *read_name(cursor *at) {
  const uint8_t *start = at->place;
  while (at->place < at->end && is_letter(*at->place)) at->place++;
  return at->place == start ? NULL : find_name(at->names, start, (size_t)(at->place - start));
}

// What ends a run of a text that needs no look: markup, a reference, what may be `]]>`, the end of a line.
static const bool ends_run[256] = {['<'] = true, ['&'] = true, [']'] = true, ['\r'] = true, ['\n'] = true};

// What ends a value, or makes it one for libxml2: tabs and newlines would become spaces.
static const bool ends_value[256] = {
    ['"'] = true, ['<'] = true, ['&'] = true, [0] = true, ['\t'] = true, ['\n'] = true, ['\r'] = true};

// ` name="value"` as often as it comes, up to `>` or `/>`, which is not taken. False when it is not plain.
static inline bool read_attributes(cursor *at, plain_token *token) {
  plain_entry *entry = at->entry;
  uint64_t seen = 0;
  token->first = (uint32_t)entry->attribute_count;
  for (;;) {
    const uint8_t *before = at->place;
    while (at->place < at->end && is_space(*at->place)) at->newlines += *at->place++ == '\n';
    if (at->place == at->end) return false;
    if (*at->place == '>' || *at->place == '/') break;
    if (at->place == before || entry->attribute_count == PLAIN_TOKEN_LIMIT) return false;
    const plain_name *name = read_name(at);
    if (name == NULL || at->end - at->place < 2 || at->place[0] != '=' || at->place[1] != '"') return false;
    if (seen >> name->id & 1) return false;
    seen |= (uint64_t)1 << name->id;
    const uint8_t *value = at->place + 2;
    const uint8_t *close = value;
    while (close < at->end && !ends_value[*close]) close++;
    if (close == at->end || *close != '"') return false;
    entry->attributes[entry->attribute_count++] =
        (plain_attribute){name->id, (uint32_t)(close - value), value};
    at->place = close + 1;
  }
  token->count = (uint32_t)entry->attribute_count - token->first;
  return true;
}

static bool is_blank(const uint8_t *bytes, const uint8_t *end) {
  for (; bytes < end; bytes++) {
    if (!is_space(*bytes) && *bytes != '\r') return false;
  }
  return true;
}

static inline bool read_text(cursor *at, plain_token *token) {
  const uint8_t *start = at->place;
  const uint8_t *place = start;
  uint32_t newlines = 0;
  bool has_return = false;
  for (;;) {
    while (at->end - place >= 4 && !(ends_run[place[0]] | ends_run[place[1]] | ends_run[place[2]])) place += 3;
    while (place < at->end && !ends_run[*place]) place++;
    if (place == at->end || *place == '&' || *place == ']') return false;
    if (*place == '<') break;
    has_return |= *place == '\r';
    newlines += *place++ == '\n';
  }
  if (at->end - place < 2) return false;
  if (has_return) {
    // Between tags it means nothing; in the text of an element libxml2 would make it a newline.
    if (!is_blank(start, place) || (token[-1].kind == PLAIN_START && place[1] == '/')) return false;
    for (const uint8_t *byte = start; byte < place; byte++) {
      if (*byte == '\r' && byte[1] != '\n') return false;
    }
  }
  at->place = place;
  at->newlines += newlines;
  token->text = start;
  token->count = (uint32_t)(place - start);
  return true;
}

size_t plain_read(
    const plain_names *names, int32_t name, const uint8_t *bytes, size_t count, plain_entry *entry) {
  cursor at = {names, bytes, bytes + (count < INT32_MAX ? count : INT32_MAX), entry, 0};
  const plain_name *open[PLAIN_DEPTH_LIMIT];
  int32_t depth = 0;
  entry->token_count = 0;
  entry->attribute_count = 0;
  do {
    // A tag is one token, or two when it is an empty element.
    if (entry->token_count + 2 > PLAIN_TOKEN_LIMIT || at.end - at.place < 4) goto not_plain;
    plain_token *token = &entry->tokens[entry->token_count++];
    if (*at.place != '<') {
      token->kind = PLAIN_TEXT;
      if (depth == 0 || !read_text(&at, token)) goto not_plain;
      continue;
    }
    if (at.place[1] == '/') {
      if (depth == 0) goto not_plain;
      const plain_name *last = open[--depth];
      size_t length = (size_t)last->length + 3;  // with `</` and `>`
      if ((size_t)(at.end - at.place) < length || at.place[length - 1] != '>' ||
          memcmp(at.place + 2, last->bytes, last->length) != 0) {
        goto not_plain;
      }
      token->kind = PLAIN_END;
      token->name = last->id;
      at.place += length;
      continue;
    }
    at.place++;
    const plain_name *element = read_name(&at);
    if (element == NULL || (depth == 0 && element->id != name) || depth == PLAIN_DEPTH_LIMIT) goto not_plain;
    token->kind = PLAIN_START;
    token->name = element->id;
    if (!read_attributes(&at, token)) goto not_plain;
    token->newlines = at.newlines;
    if (*at.place == '>') {
      at.place++;
      open[depth++] = element;
      continue;
    }
    if (at.end - at.place < 2 || at.place[1] != '>') goto not_plain;
    at.place += 2;
    entry->tokens[entry->token_count++] = (plain_token){.kind = PLAIN_END, .name = element->id};
  } while (depth > 0);
  entry->newlines = at.newlines;
  return (size_t)(at.place - bytes);

not_plain:
  entry->token_count = 0;
  entry->attribute_count = 0;
  return 0;
}
