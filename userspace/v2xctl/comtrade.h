/* SPDX-License-Identifier: Apache-2.0 */
/*
 * COMTRADE files, IEEE C37.111-2013 (IEC 60255-24:2013): a configuration
 * file and a data file of one waveform.
 */
#ifndef V2XCTL_COMTRADE_H
#define V2XCTL_COMTRADE_H

#include <stdio.h>

#include "wave.h"

enum comtrade_format {
	COMTRADE_ASCII,	   /* five-digit counts */
	COMTRADE_BINARY,   /* 16-bit counts */
	COMTRADE_BINARY32, /* 32-bit counts, exactly the samples' own */
};

/** comtrade_format_of() - "ascii", "binary16" or "binary32"; -1 for others */
int comtrade_format_of(const char *name);

/**
 * comtrade_write() - both files
 * @wave: one sample or more
 * @channels: ended by NULL; the fault lines are always added as status channels
 * @station: name of the site, no commas
 *
 * Return: 0, -EINVAL without samples, -EIO.
 */
int comtrade_write(FILE *cfg, FILE *dat, const struct wave *wave,
		   const struct wave_channel **channels, enum comtrade_format format,
		   const char *station);

#endif
