// SPDX-License-Identifier: Apache-2.0
#include "source.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The breaker first: a voltage that comes back behind an open one is nobody's. */
static const char *const attributes[SOURCE_ATTRIBUTES] = {
	"grid/island", "grid/voltage_a_mpu", "grid/voltage_b_mpu", "grid/voltage_c_mpu",
	"grid/frequency_mhz", "grid/phase_mdeg", "grid/load_r_mohm", "grid/load_l_uh",
	"grid/load_c_nf", "grid/rg_uohm", "grid/lg_nh", "grid/voltage_mpu",
};

enum { VOLTAGE_A = 1, FREQUENCY = 4, PHASE = 5 };

static FILE *open_attribute(const struct source *source, const char *attribute, const char *mode)
{
	char path[320];

	snprintf(path, sizeof(path), "%s/%s", source->dir, attribute);
	return fopen(path, mode);
}

void source_attribute(const struct source *source, const char *attribute, long value)
{
	FILE *f = open_attribute(source, attribute, "we");

	if (!f)
		return;
	fprintf(f, "%ld\n", value);
	fclose(f);
}

static bool read_attribute(const struct source *source, const char *attribute, long *value)
{
	FILE *f = open_attribute(source, attribute, "re");
	char text[32] = "";
	char *end = text;

	if (!f)
		return false;
	if (fgets(text, sizeof(text), f))
		*value = strtol(text, &end, 10);
	fclose(f);
	return end != text;
}

/* What could not be read is NaN: different from whatever is put. */
static double found(const struct source *source, int at, double unit)
{
	return source->known & 1U << at ? (double)source->found[at] / unit : (double)NAN;
}

void source_borrow(struct source *source, const char *dir)
{
	*source = (struct source){ 0 };
	snprintf(source->dir, sizeof(source->dir), "%s", dir);
	for (int i = 0; i < SOURCE_ATTRIBUTES; i++) {
		if (read_attribute(source, attributes[i], &source->found[i]))
			source->known |= 1U << i;
	}
	for (int x = 0; x < 3; x++)
		source->now.v_pu[x] = found(source, VOLTAGE_A + x, 1e3);
	source->now.f_hz = found(source, FREQUENCY, 1e3);
	source->now.phase_deg = found(source, PHASE, 1e3);
}

void source_put(struct source *source, const struct lab_source *to, unsigned int phases)
{
	for (unsigned int x = 0; x < phases && x < 3; x++) {
		if (to->v_pu[x] != source->now.v_pu[x])
			source_attribute(source, attributes[VOLTAGE_A + x], lround(to->v_pu[x] * 1e3));
	}
	if (to->f_hz != source->now.f_hz)
		source_attribute(source, attributes[FREQUENCY], lround(to->f_hz * 1e3));
	if (to->phase_deg != source->now.phase_deg)
		source_attribute(source, attributes[PHASE], lround(to->phase_deg * 1e3));
	source->now = *to;
}

void source_load(const struct source *source, const struct lab_parts *parts, bool open)
{
	source_attribute(source, "grid/load_r_mohm", parts->r_mohm);
	source_attribute(source, "grid/load_l_uh", parts->l_uh);
	source_attribute(source, "grid/load_c_nf", parts->c_nf);
	source_attribute(source, "grid/lg_nh", LAB_LINE_NH);
	source_attribute(source, "grid/rg_uohm", LAB_LINE_UOHM);
	source_attribute(source, "grid/island", open);
}

void source_give_back(struct source *source)
{
	for (int i = 0; i < SOURCE_ATTRIBUTES; i++) {
		if (source->known & 1U << i)
			source_attribute(source, attributes[i], source->found[i]);
	}
}
