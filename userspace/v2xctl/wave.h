/* SPDX-License-Identifier: Apache-2.0 */
/* A stretch of the waveform ring or a fault record, and its channels by name. */
#ifndef V2XCTL_WAVE_H
#define V2XCTL_WAVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <v2x.h>

#define WAVE_CHANNELS_MAX 16
#define WAVE_SAMPLES_MAX 4000000U

/**
 * struct wave_channel - one quantity of a sample
 * @name: "v_a"
 * @phase: "A", or "" when it belongs to no phase
 * @unit: of a value
 * @scale: value = count * scale
 * @decimals: of a value in a CSV file
 * @phase_index: present when the charger has more phases than this
 */
struct wave_channel {
	const char *name;
	const char *phase;
	const char *unit;
	double scale;
	int decimals;
	uint32_t phase_index;
	size_t offset;
	enum { WAVE_S32, WAVE_ANGLE, WAVE_S16, WAVE_U8 } type;
};

extern const struct wave_channel wave_channels[]; /* ended by a NULL name */

/**
 * struct wave - samples in order of their tick
 * @lost: records missing between first and last
 * @trigger: index of the sample at the trip, when @has_trigger
 * @reason: enum v2x_reason of it
 * @start_realtime_ns: wall clock of the first sample
 */
struct wave {
	struct v2x_sample *samples;
	size_t count;
	size_t room;
	uint64_t lost;
	bool has_trigger;
	size_t trigger;
	uint32_t reason;
	int64_t start_realtime_ns;
	struct v2x_info info;
};

/** wave_count() - the channel's count in a sample, as it is stored */
int32_t wave_count(const struct wave_channel *channel, const struct v2x_sample *sample);

/** wave_value() - the same in the channel's unit */
double wave_value(const struct wave_channel *channel, const struct v2x_sample *sample);

/** wave_time() - seconds since the first sample, by its tick */
double wave_time(const struct wave *wave, size_t index);

const struct wave_channel *wave_find(const char *name);

/**
 * wave_choose() - channels by a list of names, "v_a,i_a"; NULL: all there are
 * @chosen: WAVE_CHANNELS_MAX + 1 pointers, ended by NULL
 * @bad: the word that is no channel, on -1
 *
 * Return: their number, or -1.
 */
int wave_choose(const struct wave *wave, const char *names, const struct wave_channel **chosen,
		char *bad, size_t len);

/** wave_add() - append a sample; 0 or -ENOMEM */
int wave_add(struct wave *wave, const struct v2x_sample *sample);

/** wave_from_ring() - the last @ticks of the ring; 0 or -errno */
int wave_from_ring(struct v2x_device *dev, uint64_t ticks, struct wave *wave);

/** wave_live() - the next @ticks as they come, until stop_requested(); 0 or -errno */
int wave_live(struct v2x_device *dev, uint64_t ticks, struct wave *wave);

/** wave_from_record() - the frozen fault record, waiting for one that fills; 0 or -errno */
int wave_from_record(struct v2x_device *dev, struct wave *wave);

void wave_free(struct wave *wave);

#endif
