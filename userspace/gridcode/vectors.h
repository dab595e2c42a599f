/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replay of a folder of reference vectors: cases, settings, series and static
 * points of the IEEE 1547-2018 reference model. Generator sign throughout, as
 * in such a folder.
 */
#ifndef GRIDCODE_VECTORS_H
#define GRIDCODE_VECTORS_H

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
