// SPDX-License-Identifier: Apache-2.0
/*
 * Fuzz entry of the CSV record parser: whatever the file says, a record is
 * either whole and within its limits or refused with a line and nothing kept.
 * The first byte chooses the options.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../userspace/v2xctl/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int truth)
{
	if (!truth)
		abort();
}

static void check_record(const struct record *r)
{
	must(r->count >= 2 && r->count <= RECORD_POINTS_MAX);
	must(r->points[0].t_ms == 0);
	for (size_t i = 0; i < r->count; i++) {
		const struct record_point *p = &r->points[i];

		must(i == 0 || p->t_ms > r->points[i - 1].t_ms);
		must(p->f_mhz >= RECORD_F_MIN_HZ * 1000 && p->f_mhz <= RECORD_F_MAX_HZ * 1000);
		must(p->v_mpu >= 0 && p->v_mpu <= RECORD_V_MAX_PU * 1000);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record_options o = { 0 };
	struct record record;
	char error[RECORD_ERROR_LEN] = "";

	if (size == 0)
		return 0;
	o.bridge_s = data[0] & 1 ? 5 : 0;
	o.v_base = data[0] & 2 ? 230 : 0;
	o.to_s = data[0] & 4 ? 10 : 0;
	o.v_column = data[0] & 8 ? "v" : NULL;
	if (record_parse((const char *)data + 1, size - 1, &o, &record, error) == 0) {
		check_record(&record);
		record_free(&record);
	} else {
		must(strncmp(error, "line ", 5) == 0);
		must(memchr(error, '\0', sizeof(error)) != NULL);
		must(record.points == NULL && record.count == 0);
	}
	return 0;
}
