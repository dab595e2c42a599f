// SPDX-License-Identifier: Apache-2.0
/* The sequence lock of the status page, also under a racing writer. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <v2x.h>

#include "test.h"

#define WORDS (sizeof(struct v2x_status) / sizeof(uint64_t))
#define ROUNDS 30000

static struct v2x_status page;

/* As the kernel does it: odd, data, even. All words but the first carry @n. */
static void write_page(uint64_t n)
{
	uint64_t *words = (uint64_t *)(void *)&page;
	const uint32_t seq = page.seq;

	__atomic_store_n(&page.seq, seq + 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	for (size_t i = 1; i < WORDS; i++)
		__atomic_store_n(&words[i], n, __ATOMIC_RELAXED);
	__atomic_store_n(&page.seq, seq + 2, __ATOMIC_RELEASE);
}

static int start_page(void **state)
{
	(void)state;
	memset(&page, 0, sizeof(page));
	page.size = sizeof(page);
	return 0;
}

static void copies_what_was_written(void **state)
{
	struct v2x_status out;

	(void)state;
	write_page(7);
	assert_int_equal(v2x_status_read(&page, &out), 0);
	assert_memory_equal(&out, &page, sizeof(out));
	assert_int_equal(out.tick, 7);
}

static void gives_up_on_a_writer_that_never_ends(void **state)
{
	struct v2x_status out;

	(void)state;
	page.seq = 3;
	assert_int_equal(v2x_status_read(&page, &out), -EAGAIN);
}

static void fields_of_a_newer_header_read_as_zero(void **state)
{
	struct v2x_status out;

	(void)state;
	write_page(9);
	page.size = offsetof(struct v2x_status, start_hist);
	memset(&out, 0xff, sizeof(out));
	assert_int_equal(v2x_status_read(&page, &out), 0);
	assert_int_equal(out.duration_worst_ns, 9);
	for (int i = 0; i < V2X_HIST_BINS; i++)
		assert_int_equal(out.start_hist[i] + out.duration_hist[i], 0);
}

static void a_page_from_a_newer_kernel_is_cut(void **state)
{
	struct {
		struct v2x_status out;
		uint64_t beyond;
	} room = { .beyond = 0x5a5a };

	(void)state;
	write_page(3);
	page.size = sizeof(page) + 64;
	assert_int_equal(v2x_status_read(&page, &room.out), 0);
	assert_int_equal(room.beyond, 0x5a5a);
}

static atomic_bool stop;

static void *writer(void *arg)
{
	(void)arg;
	for (uint64_t n = 1; !atomic_load(&stop); n++) {
		write_page(n);
		/* The kernel writes once a tick; without any pause no reader ever gets through. */
		for (volatile int i = 0; i < 400; i++)
			;
	}
	return NULL;
}

static void a_racing_writer_never_tears_the_copy(void **state)
{
	struct v2x_status out;
	const uint64_t *words = (const uint64_t *)(const void *)&out;
	pthread_t thread;
	uint64_t last = 0;
	int torn = 0;
	int read = 0;

	(void)state;
	atomic_store(&stop, false);
	assert_int_equal(pthread_create(&thread, NULL, writer, NULL), 0);
	for (int i = 0; i < ROUNDS; i++) {
		if (v2x_status_read(&page, &out) != 0)
			continue;
		read++;
		for (size_t w = 2; w < WORDS; w++)
			torn += words[w] != words[1];
		torn += words[1] < last;
		last = words[1];
	}
	atomic_store(&stop, true);
	pthread_join(thread, NULL);
	assert_int_equal(torn, 0);
	assert_true(read > ROUNDS / 10);
	assert_true(last > 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(copies_what_was_written, start_page),
		cmocka_unit_test_setup(gives_up_on_a_writer_that_never_ends, start_page),
		cmocka_unit_test_setup(fields_of_a_newer_header_read_as_zero, start_page),
		cmocka_unit_test_setup(a_page_from_a_newer_kernel_is_cut, start_page),
		cmocka_unit_test_setup(a_racing_writer_never_tears_the_copy, start_page),
	};

	return cmocka_run_group_tests_name("libv2x status", tests, NULL, NULL);
}
