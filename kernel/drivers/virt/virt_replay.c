// SPDX-License-Identifier: GPL-2.0-only
/*
 * grid/replay_data takes a record of frequency and voltage, grid/replay runs
 * it. A configfs binary attribute is handed over when the file is closed and
 * cannot fail then, so grid/replay says what became of it.
 */
#include <linux/mm.h>
#include <linux/overflow.h>
#include "virt.h"

#define RECORD_BYTES_MAX	(12 << 20)
#define SPEED_MAX_PERMILLE	100000

struct replay_wire {
	__le32 t_ms;
	__le32 f_mhz;
	__le32 v_mpu;
} __packed;

/**
 * virt_replay_stop() - back to what the attributes say
 * @c: locked; nothing happens when no replay is on
 *
 * Return: 0, or -ETIMEDOUT when the tick does not run.
 */
int virt_replay_stop(struct virt_charger *c)
{
	const struct plant_replay none = { 0 };

	if (!c->vs || !c->replay_speed)
		return 0;
	virt_stage_replay(c->vs, &none);
	if (virt_stage_settle(c->vs))
		return -ETIMEDOUT;	/* the record may still be read */
	c->replay_speed = 0;
	return 0;
}

static int replay_start(struct virt_charger *c, u32 speed)
{
	struct plant_replay r;
	int err;

	if (!c->vs)
		return -ENODEV;
	if (!c->rec)
		return -ENODATA;
	err = virt_replay_stop(c);
	if (err)
		return err;
	plant_replay_prepare(&r, c->rec, c->rec_count, speed, c->cfg.tick_hz);
	WRITE_ONCE(c->vs->view.replay_done, false);
	virt_stage_replay(c->vs, &r);
	c->replay_speed = speed;
	return virt_stage_settle(c->vs);
}

static const char *replay_state(const struct virt_charger *c)
{
	if (!c->rec)
		return "empty";
	if (!c->vs || !c->replay_speed)
		return "stopped";
	return READ_ONCE(c->vs->view.replay_done) ? "done" : "running";
}

static ssize_t virt_replay_show(struct config_item *item, char *page)
{
	struct virt_charger *c = virt_grid_charger(item);
	bool on;
	int n;

	mutex_lock(&c->lock);
	on = c->vs && c->replay_speed;
	n = sysfs_emit(page, "state=%s position_ms=%u length_ms=%u", replay_state(c),
		       on ? READ_ONCE(c->vs->view.replay_ms) : 0, c->rec_length_ms);
	n += sysfs_emit_at(page, n, " record=%u records=%u speed_permille=%u",
			   on ? READ_ONCE(c->vs->view.replay_at) : 0, c->rec_count,
			   c->replay_speed);
	if (c->rec_refused >= 0)
		n += sysfs_emit_at(page, n, " refused_record=%d", c->rec_refused);
	n += sysfs_emit_at(page, n, "\n");
	mutex_unlock(&c->lock);
	return n;
}

static ssize_t virt_replay_store(struct config_item *item, const char *page, size_t len)
{
	struct virt_charger *c = virt_grid_charger(item);
	u32 speed = 1000;
	char end;
	int err;

	if (sysfs_streq(page, "stop")) {
		mutex_lock(&c->lock);
		err = virt_replay_stop(c);
		mutex_unlock(&c->lock);
		return err ?: len;
	}
	if (!sysfs_streq(page, "start") && sscanf(page, "start %u %c", &speed, &end) != 1)
		return -EINVAL;
	if (!speed || speed > SPEED_MAX_PERMILLE)
		return -ERANGE;
	mutex_lock(&c->lock);
	err = replay_start(c, speed);
	mutex_unlock(&c->lock);
	return err ?: len;
}

struct configfs_attribute virt_replay_attr = {
	.ca_name = "replay",
	.ca_mode = 0644,
	.ca_owner = THIS_MODULE,
	.show = virt_replay_show,
	.store = virt_replay_store,
};

/* Checked whole before anything of the old record is given up. */
static s32 record_load(struct virt_charger *c, const struct replay_wire *wire, u32 count)
{
	struct plant_replay_point *pt = kvmalloc_array(count, sizeof(*pt), GFP_KERNEL);
	struct plant_replay_rec *rec = kvmalloc_array(count, sizeof(*rec), GFP_KERNEL);
	s32 bad = 0;
	u32 i;

	if (!pt || !rec)
		goto out;
	for (i = 0; i < count; i++) {
		pt[i].t_ms = le32_to_cpu(wire[i].t_ms);
		pt[i].f_mhz = (s32)le32_to_cpu(wire[i].f_mhz);
		pt[i].v_mpu = (s32)le32_to_cpu(wire[i].v_mpu);
	}
	bad = plant_replay_load(pt, count, rec);
	if (bad >= 0)
		goto out;
	virt_replay_free(c);
	c->rec = rec;
	c->rec_count = count;
	c->rec_length_ms = pt[count - 1].t_ms - pt[0].t_ms;
	rec = NULL;
out:
	kvfree(pt);
	kvfree(rec);
	return bad;
}

static ssize_t virt_replay_data_write(struct config_item *item, const void *data, size_t len)
{
	struct virt_charger *c = virt_grid_charger(item);
	u32 count = (u32)(len / sizeof(struct replay_wire));
	ssize_t ret = (ssize_t)len;

	mutex_lock(&c->lock);
	if (c->replay_speed)
		ret = -EBUSY;
	else if (!count || len % sizeof(struct replay_wire))
		c->rec_refused = (s32)count;
	else
		c->rec_refused = record_load(c, data, count);
	if (c->rec_refused >= 0 && ret > 0)
		ret = -EINVAL;
	mutex_unlock(&c->lock);
	return ret;
}

struct configfs_bin_attribute virt_replay_data_attr = {
	.cb_attr = {
		.ca_name = "replay_data",
		.ca_mode = 0200,
		.ca_owner = THIS_MODULE,
	},
	.cb_max_size = RECORD_BYTES_MAX,
	.write = virt_replay_data_write,
};

/**
 * virt_replay_reset() - the stage is gone: no replay is on any more
 * @c: not live; keeps its record
 */
void virt_replay_reset(struct virt_charger *c)
{
	c->replay_speed = 0;
}

/**
 * virt_replay_free() - forget the record
 * @c: with no replay on
 */
void virt_replay_free(struct virt_charger *c)
{
	kvfree(c->rec);
	c->rec = NULL;
	c->rec_count = 0;
	c->rec_length_ms = 0;
}
