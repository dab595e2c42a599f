// SPDX-License-Identifier: Apache-2.0
/* The queue between the threads: order, bound, and two threads at once. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../../userspace/v2xd/loop/spsc.h"

struct message {
	uint64_t number;
	uint64_t inverse;
	uint64_t square;
};

static void refuses_a_size_that_is_no_power_of_two(void **state)
{
	struct message memory[6];
	struct spsc q;

	(void)state;
	assert_int_equal(spsc_init(&q, memory, 6, sizeof(memory[0])), -EINVAL);
	assert_int_equal(spsc_init(&q, memory, 0, sizeof(memory[0])), -EINVAL);
	assert_int_equal(spsc_init(&q, memory, 4, 0), -EINVAL);
}

static void keeps_order_and_refuses_when_full(void **state)
{
	uint32_t memory[4], value;
	struct spsc q;

	(void)state;
	assert_int_equal(spsc_init(&q, memory, 4, sizeof(value)), 0);
	assert_false(spsc_pop(&q, &value));
	for (value = 0; value < 4; value++)
		assert_true(spsc_push(&q, &value));
	assert_false(spsc_push(&q, &value));
	for (uint32_t expected = 0; expected < 4; expected++) {
		assert_true(spsc_pop(&q, &value));
		assert_int_equal(value, expected);
	}
	assert_false(spsc_pop(&q, &value));
}

static void goes_on_across_the_wrap_of_its_counters(void **state)
{
	uint32_t memory[2], value;
	struct spsc q;

	(void)state;
	assert_int_equal(spsc_init(&q, memory, 2, sizeof(value)), 0);
	atomic_store(&q.written, UINT32_MAX);
	atomic_store(&q.taken, UINT32_MAX);
	for (value = 10; value < 12; value++)
		assert_true(spsc_push(&q, &value));
	assert_false(spsc_push(&q, &value));
	assert_true(spsc_pop(&q, &value));
	assert_int_equal(value, 10);
	assert_true(spsc_pop(&q, &value));
	assert_int_equal(value, 11);
}

#define COUNT 200000

static void *writer(void *arg)
{
	struct spsc *q = arg;

	for (uint64_t n = 0; n < COUNT; n++) {
		struct message m = { n, ~n, n * n };

		while (!spsc_push(q, &m))
			sched_yield();
	}
	return NULL;
}

static void two_threads_lose_and_tear_nothing(void **state)
{
	static struct message memory[8];
	struct message m;
	pthread_t thread;
	struct spsc q;

	(void)state;
	assert_int_equal(spsc_init(&q, memory, 8, sizeof(m)), 0);
	assert_int_equal(pthread_create(&thread, NULL, writer, &q), 0);
	for (uint64_t n = 0; n < COUNT; n++) {
		while (!spsc_pop(&q, &m))
			sched_yield();
		assert_true(m.number == n && m.inverse == ~n && m.square == n * n);
	}
	pthread_join(thread, NULL);
	assert_false(spsc_pop(&q, &m));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_a_size_that_is_no_power_of_two),
		cmocka_unit_test(keeps_order_and_refuses_when_full),
		cmocka_unit_test(goes_on_across_the_wrap_of_its_counters),
		cmocka_unit_test(two_threads_lose_and_tear_nothing),
	};

	return cmocka_run_group_tests_name("v2xd spsc", tests, NULL, NULL);
}
