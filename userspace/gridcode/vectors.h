/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replay of a folder of reference vectors: cases, settings, series and static
 * points of the IEEE 1547-2018 reference model. Generator sign throughout, as
 * in such a folder.
 */
#ifndef GRIDCODE_VECTORS_H
#define GRIDCODE_VECTORS_H

#include <stdbool.h>
#include <stdio.h>

#define VECTORS_ERROR_LEN 320

/**
 * struct vectors_result - how far the engine is from what the folder says
 * @cases: dynamic cases run
 * @cases_off: of them beyond 0.005 pu somewhere, or with another status code
 * @rows: series rows
 * @status_off: rows with another status code
 * @dynamic_p: @dynamic_q: largest differences, pu
 * @points: static points
 * @points_off: of them beyond 0.002 pu
 * @static_p: @static_q: largest differences, pu
 * @worst: case of the largest dynamic difference
 */
struct vectors_result {
	unsigned int cases;
	unsigned int cases_off;
	unsigned int rows;
	unsigned int status_off;
	double dynamic_p;
	double dynamic_q;
	unsigned int points;
	unsigned int points_off;
	double static_p;
	double static_q;
	char worst[64];
	char error[VECTORS_ERROR_LEN];
};

/**
 * struct vectors_point - the input of a case at a time, and what should come out
 * @v_pu: of each phase; a case of one phase has the first
 * @p_want: demand, pu of rated active power, generator sign
 * @p: @q: what the folder says, pu of rated apparent power; @known
 * @status: likewise
 */
struct vectors_point {
	double t_s;
	double v_pu[3];
	double f_hz;
	double p_want;
	double p;
	double q;
	int status;
	bool known;
};

struct gc_settings;

/**
 * struct vectors_through - somebody else than the engine alone runs the cases
 * @begin: a case; @first is its input at time 0
 * @change: other settings and permit from the point before on
 * @model: what the engine alone does in each of the case's steps, before @to of it
 * @to: go on to this point, the input in a straight line
 * @end: of the case
 *
 * Each returns 0, or a negative number that ends the run with @error.
 */
struct vectors_through {
	void *context;
	int (*begin)(void *context, const char *id, const struct gc_settings *settings,
		     bool in_service, double random_s, const struct vectors_point *first);
	int (*change)(void *context, const struct gc_settings *settings, bool permit);
	int (*model)(void *context, double t_s, double p, double q, int status);
	int (*to)(void *context, const struct vectors_point *point);
	int (*end)(void *context);
	char error[VECTORS_ERROR_LEN];
};

/**
 * vectors_run_through - every case of a folder whose name contains @only (NULL: all)
 * @part: @parts: only each @parts-th case, beginning with @part, for several processes
 *
 * Return: 0, or -errno with @result->error filled in; of @result only error is used.
 */
int vectors_run_through(const char *dir, const char *only, unsigned int part, unsigned int parts,
			struct vectors_through *through, struct vectors_result *result);

/**
 * vectors_dynamic - run every case of a folder
 * @dir: holds vectors_*_cases.csv and what goes with it
 * @out: case_id,t_s,p_pu,q_pu,status_code at every series row; NULL: none
 * @cases_out: case_id,rows,p_diff_pu,q_diff_pu,status_off; NULL: none
 *
 * Return: 0, or -errno with @result->error filled in.
 */
int vectors_dynamic(const char *dir, FILE *out, FILE *cases_out, struct vectors_result *result);

/**
 * vectors_static - run every static point of a folder
 * @out: row,p_pu,q_pu; NULL: none
 *
 * Return: as vectors_dynamic().
 */
int vectors_static(const char *dir, FILE *out, struct vectors_result *result);

#endif
