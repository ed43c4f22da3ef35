#pragma once

// Elements whose markup is so plain that finding their tags needs no XML parser.
//
// Nearly all of a large document is a list of entries of the same few names. libxml2 takes as long for them as all the
// rest of the program together. Here one whole entry is read at a time, or nothing: known names without a prefix,
// attributes in double quotes, texts, properly nested; no reference, comment, CDATA section, processing instruction,
// declaration of a namespace, carriage return or `]`. What is not as plain as that goes to libxml2, which alone says
// what is not well-formed. So reading too little costs time only; reading what libxml2 refuses would accept a wrong
// document. The bytes have passed the byte gate: strict UTF-8, allowed characters.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  PLAIN_NAME_SLOTS = 256,
  PLAIN_DEPTH_LIMIT = 16,
  PLAIN_TOKEN_LIMIT = 1 << 14  // of one entry, and as many attributes
};

typedef struct plain_name {
  const uint8_t *bytes;
  uint32_t length;  // 0: empty slot
  int32_t id;       // below 64
} plain_name;

typedef struct plain_names {
  plain_name slots[PLAIN_NAME_SLOTS];
} plain_names;

// False when there are too many names, or one has other than ASCII letters.
bool plain_add_name(plain_names *names, const char *name, int32_t id);

typedef enum plain_kind { PLAIN_START, PLAIN_END, PLAIN_TEXT } plain_kind;

typedef struct plain_attribute {
  int32_t name;
  uint32_t length;
  const uint8_t *value;
} plain_attribute;

typedef struct plain_token {
  plain_kind kind;
  int32_t name;         // of an element
  uint32_t count;       // of its attributes, or of the bytes of a text
  uint32_t first;       // of its attributes
  uint32_t newlines;    // start tags: before its `>`, from the beginning of the entry
  const uint8_t *text;  // texts
} plain_token;

typedef struct plain_entry {
  plain_token *tokens;
  size_t token_count;
  plain_attribute *attributes;
  size_t attribute_count;
  uint32_t newlines;  // in all of it
} plain_entry;

// Memory for one entry, used again for each; false without it.
bool plain_allocate(plain_entry *entry);
void plain_free(plain_entry *entry);

// Reads one entry of this name from the beginning of the bytes. Returns how many bytes it has; 0 when it is not plain or
// not complete, and then `entry` holds nothing.
size_t plain_read(
    const plain_names *names, int32_t name, const uint8_t *bytes, size_t count, plain_entry *entry);
