#pragma once

#include <zlib.h>

// Macros that Swift can't see. ZIP holds raw deflate streams (APPNOTE 4.4.5), hence no header: the
// window's size is negative (zlib.h).

static inline int zlib_inflate_begin(z_stream *stream) {
  return inflateInit2(stream, -MAX_WBITS);
}

static inline int zlib_deflate_begin(z_stream *stream) {
  return deflateInit2(
    stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL - 1, Z_DEFAULT_STRATEGY);
}

// With the header and the check of a gzip member (RFC 1952): sixteen more (zlib.h).
static inline int zlib_gzip_begin(z_stream *stream, int level) {
  return deflateInit2(
    stream, level, Z_DEFLATED, MAX_WBITS + 16, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY);
}
