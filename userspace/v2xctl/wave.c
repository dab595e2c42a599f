// SPDX-License-Identifier: Apache-2.0
#include "wave.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT(field) offsetof(struct v2x_sample, field)

const struct wave_channel wave_channels[] = {
	{ "v_a", "A", "V", 1e-3, 3, 0, AT(v_mv[0]), WAVE_S32 },
	{ "v_b", "B", "V", 1e-3, 3, 1, AT(v_mv[1]), WAVE_S32 },
	{ "v_c", "C", "V", 1e-3, 3, 2, AT(v_mv[2]), WAVE_S32 },
	{ "i_a", "A", "A", 1e-3, 3, 0, AT(i_ma[0]), WAVE_S32 },
	{ "i_b", "B", "A", 1e-3, 3, 1, AT(i_ma[1]), WAVE_S32 },
	{ "i_c", "C", "A", 1e-3, 3, 2, AT(i_ma[2]), WAVE_S32 },
	{ "v_dc", "", "V", 1e-3, 3, 0, AT(v_dc_link_mv), WAVE_S32 },
	{ "v_ev", "", "V", 1e-3, 3, 0, AT(v_ev_mv), WAVE_S32 },
	{ "i_ev", "", "A", 1e-3, 3, 0, AT(i_ev_ma), WAVE_S32 },
	{ "p", "", "W", 1e-3, 3, 0, AT(p_inst_mw), WAVE_S32 },
	{ "theta", "", "deg", 360.0 / 4294967296.0, 4, 0, AT(theta), WAVE_ANGLE },
	{ "duty_a", "A", "pu", 1.0 / 32768, 5, 0, AT(duty[0]), WAVE_S16 },
	{ "duty_b", "B", "pu", 1.0 / 32768, 5, 1, AT(duty[1]), WAVE_S16 },
	{ "duty_c", "C", "pu", 1.0 / 32768, 5, 2, AT(duty[2]), WAVE_S16 },
	{ "state", "", "1", 1, 0, 0, AT(state), WAVE_U8 },
	{ .name = NULL },
};

int32_t wave_count(const struct wave_channel *channel, const struct v2x_sample *sample)
{
	const char *at = (const char *)sample + channel->offset;

	switch (channel->type) {
	case WAVE_S16:
		return *(const int16_t *)(const void *)at;
	case WAVE_U8:
		return *(const uint8_t *)at;
	default: /* an angle of 2^32 a turn is, signed, -180 to 180 degrees */
		return *(const int32_t *)(const void *)at;
	}
}

double wave_value(const struct wave_channel *channel, const struct v2x_sample *sample)
{
	return wave_count(channel, sample) * channel->scale;
}

double wave_time(const struct wave *wave, size_t index)
{
	return (double)(wave->samples[index].tick - wave->samples[0].tick) / wave->info.tick_hz;
}

const struct wave_channel *wave_find(const char *name)
{
	for (const struct wave_channel *c = wave_channels; c->name; c++) {
		if (strcmp(c->name, name) == 0)
			return c;
	}
	return NULL;
}

static bool present(const struct wave *wave, const struct wave_channel *c)
{
	return c->phase_index < wave->info.phases;
}

int wave_choose(const struct wave *wave, const char *names, const struct wave_channel **chosen,
		char *bad, size_t len)
{
	int n = 0;

	if (!names) {
		for (const struct wave_channel *c = wave_channels; c->name; c++) {
			if (present(wave, c))
				chosen[n++] = c;
		}
		chosen[n] = NULL;
		return n;
	}
	while (*names) {
		const size_t word = strcspn(names, ",");
		const struct wave_channel *c;

		snprintf(bad, len, "%.*s", (int)word, names);
		c = wave_find(bad);
		if (!c || !present(wave, c) || n == WAVE_CHANNELS_MAX)
			return -1;
		chosen[n++] = c;
		names += word + (names[word] == ',');
	}
	chosen[n] = NULL;
	return n;
}

int wave_add(struct wave *wave, const struct v2x_sample *sample)
{
	if (wave->count == WAVE_SAMPLES_MAX)
		return -ENOMEM;
	if (wave->count == wave->room) {
		const size_t room = wave->room ? wave->room * 2 : 4096;
		void *grown = realloc(wave->samples, room * sizeof(*sample));

		if (!grown)
			return -ENOMEM;
		wave->samples = grown;
		wave->room = room;
	}
	wave->samples[wave->count++] = *sample;
	return 0;
}

void wave_free(struct wave *wave)
{
	free(wave->samples);
	*wave = (struct wave){ 0 };
}
