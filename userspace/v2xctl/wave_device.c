// SPDX-License-Identifier: Apache-2.0
/* Waveforms from a charger: ring, live, fault record. */
#include <errno.h>
#include <time.h>

#include "cli.h"
#include "wave.h"

#define PAUSE_NS 5000000
#define RECORD_PAUSE_NS 20000000
#define RECORD_TRIES 75

static int64_t clock_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/*
 * Wall clock of the first sample. Ticks are counted, not timed: the status
 * page ties a tick to CLOCK_MONOTONIC, and now ties that to the wall clock.
 */
static int stamp(struct v2x_device *dev, struct wave *wave)
{
	struct v2x_status s;
	const int ret = v2x_get_status(dev, &s);
	double back_ns;

	if (ret < 0 || wave->count == 0)
		return ret;
	back_ns = ((double)s.tick - (double)wave->samples[0].tick) * 1e9 / wave->info.tick_hz;
	wave->start_realtime_ns = (int64_t)s.t_ns - (int64_t)back_ns +
				  clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_MONOTONIC);
	return 0;
}

static int take_until(struct v2x_ring_reader *reader, uint64_t ticks, bool wait,
		      struct wave *wave)
{
	const struct timespec pause = { 0, PAUSE_NS };
	struct v2x_sample s;

	while (wave->count + wave->lost < ticks && !stop_requested()) {
		uint64_t lost;
		int ret = v2x_next_sample(reader, &s, &lost);

		/* Losses before the first sample are not holes in what is kept. */
		if (wave->count > 0)
			wave->lost += lost;
		if (ret == 1)
			ret = wave_add(wave, &s);
		else if (ret == 0 && !wait)
			break;
		else if (ret == 0)
			nanosleep(&pause, NULL);
		if (ret < 0 && ret != -EOVERFLOW)
			return ret;
	}
	return 0;
}

static int take(struct v2x_device *dev, uint64_t ticks, bool live, struct wave *wave)
{
	struct v2x_ring_reader reader;
	int ret;

	*wave = (struct wave){ .info = *v2x_device_info(dev) };
	ret = v2x_map_samples(dev, &reader);
	if (ret < 0)
		return ret;
	if (!live)
		v2x_ring_rewind(&reader, ticks);
	ret = take_until(&reader, ticks, live, wave);
	v2x_unmap_ring(&reader);
	if (ret == 0)
		ret = stamp(dev, wave);
	if (ret < 0)
		wave_free(wave);
	return ret;
}

int wave_from_ring(struct v2x_device *dev, uint64_t ticks, struct wave *wave)
{
	return take(dev, ticks, false, wave);
}

int wave_live(struct v2x_device *dev, uint64_t ticks, struct wave *wave)
{
	return take(dev, ticks, true, wave);
}

/* A record goes on for some cycles after the trip: a fault that stands may have one coming. */
static int map_record(struct v2x_device *dev, struct v2x_ring_reader *reader)
{
	const struct timespec pause = { 0, RECORD_PAUSE_NS };
	struct v2x_status s;
	int ret = v2x_map_record(dev, reader);

	for (int i = 0; ret == -ENODATA && i < RECORD_TRIES && !stop_requested(); i++) {
		if (v2x_get_status(dev, &s) < 0 || !s.fault)
			break;
		nanosleep(&pause, NULL);
		ret = v2x_map_record(dev, reader);
	}
	return ret;
}

int wave_from_record(struct v2x_device *dev, struct wave *wave)
{
	struct v2x_ring_reader reader;
	uint64_t first;
	uint64_t trip_ns;
	uint64_t trigger;
	int ret;

	*wave = (struct wave){ .info = *v2x_device_info(dev) };
	ret = map_record(dev, &reader);
	if (ret < 0)
		return ret;
	first = reader.next;
	trigger = reader.ring->trigger;
	trip_ns = reader.ring->t_ns;
	wave->reason = reader.ring->reason;
	ret = take_until(&reader, UINT64_MAX, false, wave);
	v2x_unmap_ring(&reader);
	if (ret < 0) {
		wave_free(wave);
		return ret;
	}
	if (trigger >= first && trigger - first < wave->count) {
		wave->has_trigger = true;
		wave->trigger = (size_t)(trigger - first);
	}
	wave->start_realtime_ns = (int64_t)trip_ns + clock_ns(CLOCK_REALTIME) -
				  clock_ns(CLOCK_MONOTONIC) -
				  (int64_t)(wave_time(wave, wave->trigger) * 1e9);
	return 0;
}
