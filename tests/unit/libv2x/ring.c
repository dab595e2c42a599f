// SPDX-License-Identifier: Apache-2.0
/* Ring readers on plain memory: order, overruns, rewind, refusals, races. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <v2x.h>

#include "test.h"

#define ENTRIES 16U
#define OFFSET 128U
#define RACE_RECORDS 400000U

static _Alignas(64) unsigned char memory[OFFSET + ENTRIES * sizeof(struct v2x_sample)];
static struct v2x_ring *const ring = (struct v2x_ring *)(void *)memory;

static struct v2x_sample *slot(uint64_t n)
{
	return (struct v2x_sample *)(void *)(memory + OFFSET) + n % ENTRIES;
}

/* As the kernel does it: fill the slot of the head, then move the head on. */
static void put(uint64_t n)
{
	uint64_t *words = (uint64_t *)(void *)slot(n);

	/* The head moved before this slot is touched: readers must see both in that order. */
	__atomic_thread_fence(__ATOMIC_RELEASE);
	for (size_t i = 0; i < sizeof(struct v2x_sample) / 8; i++)
		__atomic_store_n(&words[i], n, __ATOMIC_RELAXED);
	__atomic_store_n(&ring->head, n + 1, __ATOMIC_RELEASE);
}

static int empty_ring(void **state)
{
	(void)state;
	memset(memory, 0, sizeof(memory));
	ring->magic = V2X_RING_MAGIC;
	ring->entry_size = sizeof(struct v2x_sample);
	ring->entries = ENTRIES;
	ring->data_offset = OFFSET;
	return 0;
}

static struct v2x_ring_reader attached(void)
{
	struct v2x_ring_reader r;

	assert_int_equal(v2x_ring_attach(&r, memory, sizeof(memory), sizeof(struct v2x_sample)),
			 0);
	return r;
}

static void gives_records_in_order(void **state)
{
	struct v2x_ring_reader r = attached();
	struct v2x_sample s;
	uint64_t lost = 99;

	(void)state;
	assert_int_equal(v2x_next_sample(&r, &s, &lost), 0);
	assert_int_equal(lost, 0);
	for (uint64_t n = 0; n < 5; n++)
		put(n);
	assert_int_equal(v2x_ring_available(&r), 5);
	for (uint64_t n = 0; n < 5; n++) {
		assert_int_equal(v2x_next_sample(&r, &s, NULL), 1);
		assert_int_equal(s.tick, n);
	}
	assert_int_equal(v2x_next_sample(&r, &s, NULL), 0);
	assert_int_equal(v2x_ring_available(&r), 0);
}

static void a_new_reader_begins_at_what_comes(void **state)
{
	struct v2x_ring_reader r;
	struct v2x_sample s;

	(void)state;
	for (uint64_t n = 0; n < 9; n++)
		put(n);
	r = attached();
	assert_int_equal(v2x_next_sample(&r, &s, NULL), 0);
	put(9);
	assert_int_equal(v2x_next_sample(&r, &s, NULL), 1);
	assert_int_equal(s.tick, 9);
}

static void an_overrun_is_reported_and_counted(void **state)
{
	struct v2x_ring_reader r = attached();
	struct v2x_sample s;
	uint64_t lost;

	(void)state;
	for (uint64_t n = 0; n < 40; n++)
		put(n);
	assert_int_equal(v2x_next_sample(&r, &s, &lost), -EOVERFLOW);
	/* Oldest whole record is 40 - 15 = 25; the reader goes on 16 / 8 ahead of it. */
	assert_int_equal(lost, 27);
	assert_int_equal(r.lost, 27);
	assert_int_equal(v2x_next_sample(&r, &s, &lost), 1);
	assert_int_equal(s.tick, 27);
	assert_int_equal(lost, 0);
}

static void the_slot_being_written_is_not_given(void **state)
{
	struct v2x_ring_reader r = attached();
	struct v2x_sample s;

	(void)state;
	/* With the head at 16 record 0's slot is being overwritten. */
	for (uint64_t n = 0; n < ENTRIES; n++)
		put(n);
	assert_int_equal(v2x_next_sample(&r, &s, NULL), -EOVERFLOW);
	assert_true(r.next >= 1);
}

static void rewind_goes_back_as_far_as_asked_or_possible(void **state)
{
	struct v2x_ring_reader r;
	struct v2x_sample s;

	(void)state;
	for (uint64_t n = 0; n < 20; n++)
		put(n);
	r = attached();
	v2x_ring_rewind(&r, 3);
	assert_int_equal(v2x_next_sample(&r, &s, NULL), 1);
	assert_int_equal(s.tick, 17);
	v2x_ring_rewind(&r, UINT64_MAX);
	assert_int_equal(v2x_next_sample(&r, &s, NULL), 1);
	assert_int_equal(s.tick, 5);
}

static void an_older_kernels_short_record_is_filled_with_zero(void **state)
{
	struct v2x_ring_reader r;
	struct v2x_sample s;

	(void)state;
	ring->entry_size = 32;
	assert_int_equal(v2x_ring_attach(&r, memory, sizeof(memory), 32), 0);
	memset(memory + OFFSET, 0x11, 64);
	ring->head = 1;
	memset(&s, 0xff, sizeof(s));
	assert_int_equal(v2x_next_sample(&r, &s, NULL), 1);
	assert_int_equal(s.tick, 0x1111111111111111);
	assert_int_equal(s.p_inst_mw, 0);
}

static void a_header_that_does_not_add_up_is_refused(void **state)
{
	struct v2x_ring_reader r;
	const struct v2x_ring good = *ring;
	const size_t size = sizeof(struct v2x_sample);

	(void)state;
#define REFUSED(field, value)                                                              \
	do {                                                                               \
		ring->field = (value);                                                     \
		assert_int_equal(v2x_ring_attach(&r, memory, sizeof(memory), size), -EPROTO); \
		*ring = good;                                                              \
	} while (0)
	REFUSED(magic, 0x12345678);
	REFUSED(entry_size, 56);
	REFUSED(entry_size, 68);
	REFUSED(entries, 0);
	REFUSED(entries, ENTRIES + 1);
	REFUSED(entries, UINT32_MAX);
	REFUSED(data_offset, 8);
	REFUSED(data_offset, 129);
	REFUSED(data_offset, sizeof(memory) + 8);
#undef REFUSED
	assert_int_equal(v2x_ring_attach(&r, memory, sizeof(*ring) - 1, size), -EPROTO);
	assert_int_equal(v2x_ring_attach(&r, memory, sizeof(memory), size), 0);
}

static void the_newest_cycle_is_had_without_moving(void **state)
{
	struct v2x_ring_reader r;
	struct v2x_cycle c;
	_Alignas(64) static unsigned char mem[64 + 4 * sizeof(struct v2x_cycle)];
	struct v2x_ring *head = (struct v2x_ring *)(void *)mem;
	struct v2x_cycle *rec = (struct v2x_cycle *)(void *)(mem + sizeof(*head));

	(void)state;
	*head = (struct v2x_ring){ .magic = V2X_RING_MAGIC,
				   .entry_size = sizeof(*rec),
				   .entries = 4,
				   .data_offset = sizeof(*head) };
	assert_int_equal(v2x_ring_attach(&r, mem, sizeof(mem), sizeof(*rec)), 0);
	assert_int_equal(v2x_last_cycle(&r, &c), 0);
	rec[0].seq = 1;
	rec[1].seq = 2;
	head->head = 2;
	assert_int_equal(v2x_last_cycle(&r, &c), 1);
	assert_int_equal(c.seq, 2);
	assert_int_equal(v2x_next_cycle(&r, &c, NULL), 1);
	assert_int_equal(c.seq, 1);
}

static void a_frozen_record_is_given_whole_and_goes_stale_when_armed(void **state)
{
	struct v2x_ring_reader r;
	struct v2x_sample s;

	(void)state;
	for (uint64_t n = 0; n < ENTRIES; n++)
		put(n);
	ring->t_ns = 55;
	r = attached();
	r.frozen = true;
	r.frozen_t_ns = 55;
	v2x_ring_rewind(&r, UINT64_MAX);
	assert_int_equal(v2x_next_sample(&r, &s, NULL), 1);
	assert_int_equal(s.tick, 0);
	ring->busy = 1;
	assert_int_equal(v2x_next_sample(&r, &s, NULL), -ESTALE);
	ring->busy = 0;
	ring->t_ns = 77;
	assert_int_equal(v2x_next_sample(&r, &s, NULL), -ESTALE);
}

static void *writer(void *arg)
{
	(void)arg;
	for (uint64_t n = 0; n < RACE_RECORDS; n++)
		put(n);
	return NULL;
}

static void a_racing_writer_gives_no_torn_or_twice_given_record(void **state)
{
	struct v2x_ring_reader r = attached();
	struct v2x_sample s;
	const uint64_t *words = (const uint64_t *)(const void *)&s;
	pthread_t thread;
	uint64_t got = 0;
	uint64_t bad = 0;
	uint64_t lost_sum = 0;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, writer, NULL), 0);
	while (got + lost_sum < RACE_RECORDS) {
		uint64_t lost;
		const int ret = v2x_next_sample(&r, &s, &lost);

		lost_sum += lost;
		if (ret != 1)
			continue;
		for (size_t w = 0; w < sizeof(s) / 8; w++)
			bad += words[w] != got + lost_sum;
		got++;
	}
	pthread_join(thread, NULL);
	assert_int_equal(bad, 0);
	assert_true(got > 0);
	assert_int_equal(r.lost, lost_sum);
	assert_int_equal(got + lost_sum, RACE_RECORDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(gives_records_in_order, empty_ring),
		cmocka_unit_test_setup(a_new_reader_begins_at_what_comes, empty_ring),
		cmocka_unit_test_setup(an_overrun_is_reported_and_counted, empty_ring),
		cmocka_unit_test_setup(the_slot_being_written_is_not_given, empty_ring),
		cmocka_unit_test_setup(rewind_goes_back_as_far_as_asked_or_possible, empty_ring),
		cmocka_unit_test_setup(an_older_kernels_short_record_is_filled_with_zero,
				       empty_ring),
		cmocka_unit_test_setup(a_header_that_does_not_add_up_is_refused, empty_ring),
		cmocka_unit_test(the_newest_cycle_is_had_without_moving),
		cmocka_unit_test_setup(a_frozen_record_is_given_whole_and_goes_stale_when_armed,
				       empty_ring),
		cmocka_unit_test_setup(a_racing_writer_gives_no_torn_or_twice_given_record,
				       empty_ring),
	};

	return cmocka_run_group_tests_name("libv2x ring", tests, NULL, NULL);
}
