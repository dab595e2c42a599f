/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of grid frequency and voltage as CSV files.
 *
 * The first line names the columns; names are found without regard to case.
 * Lines before it that begin with # are comments. A file is taken whole or
 * refused whole.
 */
#ifndef V2XCTL_RECORD_H
#define V2XCTL_RECORD_H

#include <stddef.h>
#include <stdint.h>

#define RECORD_F_MIN_HZ 30.0
#define RECORD_F_MAX_HZ 80.0
#define RECORD_V_MAX_PU 2.0
#define RECORD_POINTS_MAX 1000000U
#define RECORD_FILE_MAX (64U * 1024U * 1024U)
#define RECORD_ERROR_LEN 256

/* A point as the virtual charger takes it: little endian, in this order. */
struct record_point {
	uint32_t t_ms; /* from the first point, which is at 0 */
	int32_t f_mhz;
	int32_t v_mpu; /* thousandths of the nominal voltage */
};

/**
 * struct record_options - how to read a file
 * @t_column: name of the column of time in s; NULL: "t_s"
 * @f_column: of frequency in Hz; NULL: "f_hz"
 * @v_column: of voltage; NULL: "v_pu" if the file has it, else 1 pu
 * @v_base: what of @v_column is 1 pu; 0: it is in pu already
 * @from_s: use rows from this time on; rows outside only need a good time
 * @to_s: and up to this one; 0 with @from_s 0: all
 * @bridge_s: longest hole to bridge by a straight line; 0: holes are refused
 */
struct record_options {
	const char *t_column;
	const char *f_column;
	const char *v_column;
	double v_base;
	double from_s;
	double to_s;
	double bridge_s;
};

struct record {
	struct record_point *points;
	size_t count;
};

/**
 * record_parse() - read a whole file's text
 * @error: RECORD_ERROR_LEN; "line 47, column f_hz: empty; expected ..."
 *
 * Return: 0, or -1 with @error and nothing in @record.
 */
int record_parse(const char *text, size_t len, const struct record_options *options,
		 struct record *record, char *error);

/** record_load() - likewise from a file, whose name begins @error's text */
int record_load(const char *path, const struct record_options *options, struct record *record,
		char *error);

/** record_columns() - take "t_s=NAME,f_hz=NAME,v=NAME" apart, in place; 0 or -1 with @error */
int record_columns(char *text, struct record_options *options, char *error);

void record_free(struct record *record);

#endif
