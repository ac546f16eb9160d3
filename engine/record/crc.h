/*
 * crc.h -- CRC-32C, to tell bytes on disk that are not what was written.
 *
 * Room: engine/record.  May touch: libc.
 */
#ifndef MUSTER_RECORD_CRC_H
#define MUSTER_RECORD_CRC_H

#include <stddef.h>
#include <stdint.h>

/* The CRC-32C (RFC 3720 s. 12.1) of `len` bytes that follow those of `crc`;
 * 0 to begin with. */
uint32_t crc_add(uint32_t crc, const void *data, size_t len);

#endif
