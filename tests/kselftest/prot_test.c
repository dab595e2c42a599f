// SPDX-License-Identifier: GPL-2.0-only
/*
 * Protection tables through both twins: what is loaded comes back, what is
 * wrong is refused with its entry, and a dead supervisor changes nothing.
 */
#include <fcntl.h>
#include <stddef.h>

#include "kselftest_harness.h"
#include "session.h"

FIXTURE(prot)
{
	struct session s;
	struct io_uring ring;
};

FIXTURE_VARIANT(prot)
{
	bool uring;
};

FIXTURE_VARIANT_ADD(prot, ioctl) { .uring = false };
FIXTURE_VARIANT_ADD(prot, uring) { .uring = true };

FIXTURE_SETUP(prot)
{
	ASSERT_EQ(0, session_open(&self->s, "prot"));
	ASSERT_EQ(0, io_uring_queue_init(8, &self->ring, 0));
	ASSERT_EQ(0, dev_claim(self->s.fd, LEASE_MS));
}

FIXTURE_TEARDOWN(prot)
{
	io_uring_queue_exit(&self->ring);
	session_close(&self->s);
}

#define call(op, arg)	(variant->uring ? dev_uring(&self->ring, self->s.fd, op, arg) : \
					  dev_ioctl(self->s.fd, op, arg))

static void stage(struct v2x_prot_table *t, __u8 quantity, __u8 side, __s32 threshold, __u32 ms)
{
	t->entry[t->count++] = (struct v2x_prot_entry){
		.quantity = quantity, .side = side, .action = V2X_PROT_TRIP,
		.threshold = threshold, .time_ms = ms,
	};
}

static void good_table(struct v2x_prot_table *t)
{
	*t = (struct v2x_prot_table){ .size = sizeof(*t), .version = 42, .name = "selftest" };
	stage(t, V2X_PROT_V_PHASE, V2X_PROT_OVER, 264500, 200);
	stage(t, V2X_PROT_V_PHASE, V2X_PROT_UNDER, 195500, 1500);
	stage(t, V2X_PROT_F, V2X_PROT_OVER, 51500, 200);
	stage(t, V2X_PROT_F, V2X_PROT_UNDER, 47500, 200);
}

TEST_F(prot, default_table_comes_from_the_ratings)
{
	struct v2x_prot_table t = { .size = sizeof(t) };

	ASSERT_EQ(0, call(V2X_IOC_GET_PROT_TABLE, &t));
	EXPECT_STREQ("default", t.name);
	EXPECT_GE(t.count, 4);
	EXPECT_NE(0, t.hash);
	EXPECT_EQ(V2X_PROT_V_PHASE, t.entry[0].quantity);
	EXPECT_EQ(287500, t.entry[0].threshold);
}

TEST_F(prot, loaded_table_comes_back_with_its_hash)
{
	struct v2x_prot_table t, back = { .size = sizeof(back) };

	good_table(&t);
	ASSERT_EQ(0, call(V2X_IOC_SET_PROT_TABLE, &t));
	EXPECT_NE(0, t.hash);
	EXPECT_EQ(V2X_PROT_FINE, t.why);
	ASSERT_EQ(0, call(V2X_IOC_GET_PROT_TABLE, &back));
	EXPECT_EQ(0, memcmp(&t, &back, sizeof(t)));
	/* nothing in it: the default */
	t = (struct v2x_prot_table){ .size = sizeof(t) };
	ASSERT_EQ(0, call(V2X_IOC_SET_PROT_TABLE, &t));
	ASSERT_EQ(0, call(V2X_IOC_GET_PROT_TABLE, &back));
	EXPECT_STREQ("default", back.name);
}

TEST_F(prot, bad_table_is_refused_whole_and_names_the_entry)
{
	struct v2x_prot_table t, before = { .size = sizeof(before) }, after = before;

	ASSERT_EQ(0, call(V2X_IOC_GET_PROT_TABLE, &before));
	good_table(&t);
	t.entry[2].time_ms = 1;
	EXPECT_EQ(-ERANGE, call(V2X_IOC_SET_PROT_TABLE, &t));
	EXPECT_EQ(2, t.refused);
	EXPECT_EQ(V2X_PROT_BAD_TIME, t.why);
	good_table(&t);
	t.entry[1].quantity = 77;
	EXPECT_EQ(-EINVAL, call(V2X_IOC_SET_PROT_TABLE, &t));
	EXPECT_EQ(1, t.refused);
	EXPECT_EQ(V2X_PROT_BAD_FIELD, t.why);
	good_table(&t);
	stage(&t, V2X_PROT_V_PHASE, V2X_PROT_OVER, 270000, 5000);
	EXPECT_EQ(-ERANGE, call(V2X_IOC_SET_PROT_TABLE, &t));
	EXPECT_EQ(4, t.refused);
	EXPECT_EQ(V2X_PROT_NEVER, t.why);
	good_table(&t);
	t.count = 3;
	memset(&t.entry[3], 0, sizeof(t.entry[3]));
	EXPECT_EQ(-ERANGE, call(V2X_IOC_SET_PROT_TABLE, &t));
	EXPECT_EQ(V2X_PROT_NO_ENTRY, t.refused);
	EXPECT_EQ(V2X_PROT_NO_TRIP, t.why);
	good_table(&t);
	t.count = V2X_PROT_ENTRIES + 1;
	EXPECT_EQ(-EINVAL, call(V2X_IOC_SET_PROT_TABLE, &t));
	ASSERT_EQ(0, call(V2X_IOC_GET_PROT_TABLE, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
}

/* A person's protection may be made finer, not coarser; derating begins below the trip. */
TEST_F(prot, limits_beyond_their_range_are_refused_and_change_nothing)
{
	struct v2x_protection p = { .size = sizeof(p) }, bad, now = { .size = sizeof(now) };

	ASSERT_EQ(0, call(V2X_IOC_GET_PROTECTION, &p));
	EXPECT_EQ(6, p.residual_dc_ma);
	EXPECT_EQ(30, p.residual_ac_ma);
	EXPECT_GT(p.temp_trip_mc, p.temp_derate_mc);
	bad = p;
	bad.residual_dc_ma = 7;
	EXPECT_EQ(-ERANGE, call(V2X_IOC_SET_PROTECTION, &bad));
	bad = p;
	bad.temp_derate_mc = p.temp_trip_mc;
	EXPECT_EQ(-ERANGE, call(V2X_IOC_SET_PROTECTION, &bad));
	bad = p;
	bad.reserved0 = 1;
	EXPECT_EQ(-EINVAL, call(V2X_IOC_SET_PROTECTION, &bad));
	ASSERT_EQ(0, call(V2X_IOC_GET_PROTECTION, &now));
	EXPECT_EQ(0, memcmp(&p, &now, sizeof(p)));
	p.residual_ac_ma = 20;
	p.temp_derate_mc = 70000;
	ASSERT_EQ(0, call(V2X_IOC_SET_PROTECTION, &p));
	ASSERT_EQ(0, call(V2X_IOC_GET_PROTECTION, &now));
	EXPECT_EQ(20, now.residual_ac_ma);
	EXPECT_EQ(70000, now.temp_derate_mc);
}

TEST_F(prot, table_outlives_the_supervisor)
{
	struct v2x_prot_table t, again, back = { .size = sizeof(back) };
	int other;

	good_table(&t);
	ASSERT_EQ(0, call(V2X_IOC_SET_PROT_TABLE, &t));
	ASSERT_EQ(0, dev_ioctl(self->s.fd, V2X_IOC_RELEASE, NULL));
	good_table(&again);
	EXPECT_EQ(-EPERM, call(V2X_IOC_SET_PROT_TABLE, &again));
	other = open(self->s.charger.dev, O_RDONLY);
	ASSERT_GE(other, 0);
	ASSERT_EQ(0, dev_ioctl(other, V2X_IOC_GET_PROT_TABLE, &back));
	EXPECT_EQ(t.hash, back.hash);
	EXPECT_STREQ("selftest", back.name);
	close(other);
}

TEST_F(prot, parameter_is_changed_beside_the_holder_of_the_claim)
{
	struct v2x_tuning t = { .size = sizeof(t) }, back = { .size = sizeof(back) };
	int other = open(self->s.charger.dev, O_RDWR);

	ASSERT_GE(other, 0);
	ASSERT_EQ(0, call(V2X_IOC_GET_TUNING, &t));
	EXPECT_STREQ("current_bandwidth", t.name);
	EXPECT_EQ(80, t.value);
	t.value = t.min;
	EXPECT_EQ(0, dev_ioctl(other, V2X_IOC_SET_TUNING, &t));
	EXPECT_EQ(0, call(V2X_IOC_GET_TUNING, &back));
	EXPECT_EQ(t.min, back.value);
	t.value = t.max + 1;
	EXPECT_EQ(-ERANGE, call(V2X_IOC_SET_TUNING, &t));
	t.index = t.count;
	EXPECT_EQ(-EINVAL, call(V2X_IOC_GET_TUNING, &t));
	close(other);
}

TEST_HARNESS_MAIN
