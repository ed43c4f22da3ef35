#pragma once

// A streaming XML reader without a schema, for the parts of workbooks that other people's programs wrote.
//
// Safe by what it refuses: a DOCTYPE in any form, any encoding but UTF-8, tags with very many attributes (libxml2
// compares them with each other), tags, texts and comments without end, deep nesting. Nothing is ever fetched. It shares
// nothing with the reader of manifests but libxml2.

#include "CXMLReader.h"

#pragma clang assume_nonnull begin

typedef struct xr_part xr_part;

// All are called during xr_part_push, on the same thread. `element` is an index into the names; -1 when it is none of
// them, or of another namespace than the root's. An attribute of a namespace is named with a colon before its local name
// (`:id` for `r:id`), whatever its prefix.
typedef struct xr_part_callbacks {
  void (*start)(void *context, int32_t element, int64_t line, const xr_attribute *attributes, int32_t count);
  void (*end)(void *context, int32_t element);
  // A text may come in pieces; `bytes` are valid during the call.
  void (*text)(void *context, const uint8_t *bytes, int32_t count);
} xr_part_callbacks;

// What is wrong with a part.
typedef enum xr_part_fault : int32_t {
  XR_PART_SOUND = 0,
  XR_PART_MALFORMED = 1,  // not well-formed, not UTF-8, or cut off
  XR_PART_FORBIDDEN = 2,  // a DOCTYPE, or beyond a limit
  XR_PART_NO_MEMORY = 3
} xr_part_fault;

// `names` and `context` must outlive the part. NULL: no memory.
xr_part *_Nullable xr_part_create(
    const char *const _Nonnull *_Nonnull names, int32_t name_count, const xr_part_callbacks *callbacks, void *context);
void xr_part_free(xr_part *part);

// Parses the next bytes; `is_last` ends the part. Returns false when there is no point in going on.
bool xr_part_push(xr_part *part, const uint8_t *_Nullable bytes, int32_t count, bool is_last);

// Ends reading from inside a callback.
void xr_part_stop(xr_part *part);

// Sound only when the part was read to its end without an error on any channel.
xr_part_fault xr_part_verdict(const xr_part *part);

// Line of the fault, 0 when there is none.
int64_t xr_part_fault_line(const xr_part *part);

#pragma clang assume_nonnull end
