// SPDX-License-Identifier: Apache-2.0
/* virt replay: plays a record of frequency and voltage on the virtual grid. */
#include <endian.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd.h"
#include "quantity.h"
#include "record.h"
#include "virtfs.h"

#define SPEED_MAX 100.0

static int number(const struct cli *cli, const char *option, double min, double max, double *value)
{
	const char *text = cli_value(cli, option);

	if (!text)
		return EX_OK_;
	if (decimal_parse(text, strlen(text), value) == 0 && *value >= min && *value <= max)
		return EX_OK_;
	return report_error(cli, EX_BAD_USE, "--%s \"%s\": expected a number from %g to %g",
			    option, text, min, max);
}

static int parse_options(const struct cli *cli, char *columns, struct record_options *o,
			 double *speed)
{
	char error[RECORD_ERROR_LEN];
	int ret = number(cli, "speed", 0.001, SPEED_MAX, speed);

	if (ret == 0)
		ret = number(cli, "v-base", 1e-9, 1e9, &o->v_base);
	if (ret == 0)
		ret = number(cli, "from", 0, 1e9, &o->from_s);
	if (ret == 0)
		ret = number(cli, "to", 1e-3, 1e9, &o->to_s);
	if (ret == 0)
		ret = number(cli, "bridge", 0, 3600, &o->bridge_s);
	if (ret == 0 && columns && record_columns(columns, o, error) < 0)
		ret = report_error(cli, EX_BAD_USE, "--columns: %s", error);
	return ret;
}

/* The kernel's layout is little endian whatever the machine. */
static void to_wire(struct record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		struct record_point *p = &record->points[i];

		p->t_ms = htole32(p->t_ms);
		p->f_mhz = (int32_t)htole32((uint32_t)p->f_mhz);
		p->v_mpu = (int32_t)htole32((uint32_t)p->v_mpu);
	}
}

/* Closing hands the record over and cannot fail: grid/replay says what became of it. */
static int upload(const struct cli *cli, const char *dir, struct record *record)
{
	char state[VIRTFS_VALUE_LEN];
	int ret;

	to_wire(record);
	ret = virtfs_write(dir, "grid/replay_data", record->points,
			   record->count * sizeof(record->points[0]));
	if (ret == 0)
		ret = virtfs_read(dir, "grid/replay", state, sizeof(state));
	if (ret < 0)
		return report_error(cli, EX_REFUSED, "%s/grid/replay_data: %s", dir,
				    strerror(-ret));
	if (strstr(state, "refused_record="))
		return report_error(cli, EX_REFUSED, "the charger refused the record: %s", state);
	return EX_OK_;
}

static int wait_until_done(const struct cli *cli, const char *dir)
{
	const struct timespec pause = { 0, 200000000 };
	char state[VIRTFS_VALUE_LEN];

	stop_on_signal();
	while (!stop_requested()) {
		const int ret = virtfs_read(dir, "grid/replay", state, sizeof(state));

		if (ret < 0)
			return report_error(cli, EX_NO_DEVICE, "%s/grid/replay: %s", dir,
					    strerror(-ret));
		if (!strstr(state, "state=running"))
			break;
		nanosleep(&pause, NULL);
	}
	return EX_OK_;
}

static int play(const struct cli *cli, const char *dir, struct record *record, double speed)
{
	const double length_s = record->points[record->count - 1].t_ms / 1e3;
	const size_t points = record->count;
	char start[32];
	int ret;

	/* Stopping what is not running is no error of the user's. */
	virtfs_write(dir, "grid/replay", "stop", 4);
	ret = upload(cli, dir, record);
	if (ret)
		return ret;
	snprintf(start, sizeof(start), "start %ld", lround(speed * 1000));
	ret = virtfs_set(cli, dir, "grid/replay", start);
	if (ret)
		return ret;
	if (!cli->json)
		printf("playing %zu points, %.3f s of record in %.3f s\n", points, length_s,
		       length_s / speed);
	if (cli_has(cli, "wait"))
		ret = wait_until_done(cli, dir);
	if (ret == 0 && cli->json)
		ret = report_json(json_pack("{s:b,s:I,s:f,s:f}", "ok", 1, "points",
					    (json_int_t)points, "length_s", length_s, "speed",
					    speed));
	return ret;
}

static int stop(const struct cli *cli, const char *dir)
{
	const int ret = virtfs_set(cli, dir, "grid/replay", "stop");

	if (ret)
		return ret;
	if (cli->json)
		return report_json(json_pack("{s:b}", "ok", 1));
	puts("stopped");
	return EX_OK_;
}

/* "state=running position_ms=5 ...": numbers as numbers. */
static int show_state(const struct cli *cli, const char *dir)
{
	char state[VIRTFS_VALUE_LEN];
	const int error = virtfs_read(dir, "grid/replay", state, sizeof(state));
	char *save = NULL;
	json_t *o;

	if (error < 0)
		return report_error(cli, EX_SYSTEM, "%s/grid/replay: %s", dir, strerror(-error));
	if (!cli->json) {
		puts(state);
		return EX_OK_;
	}
	o = json_pack("{s:b}", "ok", 1);
	for (char *word = strtok_r(state, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		char *equals = strchr(word, '=');
		char *end;
		long number;

		if (!equals)
			continue;
		*equals = '\0';
		number = strtol(equals + 1, &end, 10);
		json_object_set_new(o, word, *end == '\0' ? json_integer(number) :
							   json_string(equals + 1));
	}
	return report_json(o);
}

int cmd_virt_replay(struct cli *cli)
{
	struct record_options options = { 0 };
	struct record record;
	char dir[VIRTFS_PATH_LEN];
	char error[RECORD_ERROR_LEN];
	char *columns = cli_value(cli, "columns") ? strdup(cli_value(cli, "columns")) : NULL;
	double speed = 1;
	int ret = parse_options(cli, columns, &options, &speed);

	virtfs_take_name(cli);
	if (ret == 0 && (cli_has(cli, "stop") || cli_has(cli, "state"))) {
		ret = virtfs_pick(cli, dir);
		if (ret == 0)
			ret = cli_has(cli, "stop") ? stop(cli, dir) : show_state(cli, dir);
		free(columns);
		return ret;
	}
	if (ret == 0 && cli->argc != 1)
		ret = report_error(cli, EX_BAD_USE,
				   "use: v2xctl virt replay [NAME] FILE, or --stop, or --state");
	if (ret == 0 && record_load(cli->argv[0], &options, &record, error) < 0)
		ret = report_error(cli, EX_BAD_USE, "%s: %s", cli->argv[0], error);
	free(columns);
	if (ret)
		return ret;
	if (cli_has(cli, "check")) {
		printf("%s: %zu points, %.3f s\n", cli->argv[0], record.count,
		       record.points[record.count - 1].t_ms / 1e3);
		record_free(&record);
		return EX_OK_;
	}
	ret = virtfs_pick(cli, dir);
	if (ret == 0)
		ret = play(cli, dir, &record, speed);
	record_free(&record);
	return ret;
}
