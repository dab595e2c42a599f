// SPDX-License-Identifier: Apache-2.0
/* virt create, destroy, list, plug, unplug, grid, car, fault, faults. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "load.h"
#include "virt_keys.h"
#include "virtfs.h"

#define CHARGERS_MAX 64

static int done(const struct cli *cli, const char *text)
{
	if (cli->json)
		return report_json(json_pack("{s:b}", "ok", 1));
	puts(text);
	return EX_OK_;
}

/* Sees that all words are good before the first is written. */
static int set_words(const struct cli *cli, const char *dir, const char *group, int argc,
		     char **argv)
{
	char attribute[VIRT_KEY_LEN];
	char value[VIRT_KEY_LEN];
	char error[160];

	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; i < argc; i++) {
			int ret = virt_key(group, argv[i], attribute, value, error,
					   sizeof(error));

			if (ret < 0)
				return report_error(cli, EX_BAD_USE, "%s", error);
			ret = pass ? virtfs_set(cli, dir, attribute, value) : EX_OK_;
			if (ret)
				return ret;
		}
	}
	return EX_OK_;
}

static int told_of_mkdir(const struct cli *cli, const char *name, int error)
{
	switch (error) {
	case EEXIST:
		return report_error(cli, EX_REFUSED, "%s exists already", name);
	case ENOENT:
		return report_error(cli, EX_NO_DEVICE,
				    "%s is not there; load the module: modprobe v2x_virt, and see "
				    "that configfs is mounted", virtfs_root());
	case EINVAL:
		return report_error(cli, EX_BAD_USE,
				    "\"%s\": a name has up to %d letters, digits, - _ and .", name,
				    V2X_NAME_LEN - 1);
	case EACCES:
	case EPERM:
		return report_error(cli, EX_SYSTEM, "%s: no permission; be root", virtfs_root());
	default:
		return report_error(cli, EX_REFUSED, "%s: %s", name, strerror(error));
	}
}

int cmd_virt_create(struct cli *cli)
{
	char dir[VIRTFS_PATH_LEN];
	char dev[V2X_NAME_LEN] = "";
	const char *name = cli->argv[0];
	int ret;

	if (strchr(name, '/') || strchr(name, '=') || name[0] == '.' || name[0] == '\0' ||
	    strlen(name) >= V2X_NAME_LEN)
		return told_of_mkdir(cli, name, EINVAL);
	snprintf(dir, sizeof(dir), "%.280s/%.31s", virtfs_root(), name);
	if (mkdir(dir, 0755) < 0)
		return told_of_mkdir(cli, name, errno);
	ret = set_words(cli, dir, "", cli->argc - 1, cli->argv + 1);
	if (ret == 0)
		ret = virtfs_set(cli, dir, "live", "1");
	if (ret) {
		/* All or nothing. */
		rmdir(dir);
		return ret;
	}
	virtfs_read(dir, "dev_name", dev, sizeof(dev));
	if (cli->json)
		return report_json(json_pack("{s:b,s:s,s:s}", "ok", 1, "name", name, "dev", dev));
	printf("%s is /dev/%s\n", name, dev);
	return EX_OK_;
}

int cmd_virt_destroy(struct cli *cli)
{
	char dir[VIRTFS_PATH_LEN];
	struct cli named = *cli;
	int ret;

	if (cli->argc > 0)
		named.device = cli->argv[0];
	ret = virtfs_pick(&named, dir);
	if (ret)
		return ret;
	if (rmdir(dir) < 0)
		return report_error(cli, EX_REFUSED, "%s: %m", dir);
	return done(cli, "destroyed");
}

static json_t *list_row(const char *name, bool human)
{
	static const char *const attributes[] = { "dev_name", "live", "car/state",
						  "car/soc_permille", "grid/frequency_mhz",
						  "grid/voltage_mpu", "grid/replay" };
	char dir[VIRTFS_PATH_LEN];
	char value[VIRTFS_VALUE_LEN];
	json_t *row = json_pack("{s:s}", "name", name);

	snprintf(dir, sizeof(dir), "%s/%.31s", virtfs_root(), name);
	if (human)
		printf("%s:", name);
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		if (virtfs_read(dir, attributes[i], value, sizeof(value)) < 0)
			continue;
		json_object_set_new(row, attributes[i], json_string(value));
		if (human)
			printf("%s%s %s", i ? ", " : " ", attributes[i], value);
	}
	if (human)
		putchar('\n');
	return row;
}

int cmd_virt_list(struct cli *cli)
{
	char names[CHARGERS_MAX][V2X_NAME_LEN];
	const int n = virtfs_names(names, CHARGERS_MAX);
	json_t *rows;

	if (n < 0)
		return told_of_mkdir(cli, "", -n);
	rows = json_array();
	for (int i = 0; i < n; i++)
		json_array_append_new(rows, list_row(names[i], !cli->json));
	if (cli->json)
		return report_json(json_pack("{s:b,s:o}", "ok", 1, "chargers", rows));
	json_decref(rows);
	if (n == 0)
		puts("no virtual charger");
	return EX_OK_;
}

int cmd_virt_plug(struct cli *cli)
{
	char dir[VIRTFS_PATH_LEN];
	int ret;

	virtfs_take_name(cli);
	ret = virtfs_pick(cli, dir);
	/* What it is first, then that it is there. */
	if (ret == 0)
		ret = set_words(cli, dir, "car", cli->argc, cli->argv);
	if (ret == 0)
		ret = virtfs_set(cli, dir, "car/plugged", "1");
	if (ret == 0)
		ret = virtfs_set(cli, dir, "car/ready", cli_has(cli, "not-ready") ? "0" : "1");
	return ret ? ret : done(cli, "plugged in");
}

int cmd_virt_unplug(struct cli *cli)
{
	char dir[VIRTFS_PATH_LEN];
	int ret;

	virtfs_take_name(cli);
	if (cli->argc > 0)
		return report_error(cli, EX_NO_DEVICE, "there is no virtual charger \"%s\"",
				    cli->argv[0]);
	ret = virtfs_pick(cli, dir);
	/* A real car lets go of the plug only after it has opened its contactors. */
	if (ret == 0 && !cli_has(cli, "torn"))
		ret = virtfs_set(cli, dir, "car/ready", "0");
	if (ret == 0)
		ret = virtfs_set(cli, dir, "car/plugged", "0");
	return ret ? ret : done(cli, "unplugged");
}

/* All attributes of a group and their values. */
static int show_group(const struct cli *cli, const char *dir, const char *group)
{
	char path[VIRTFS_PATH_LEN + 16];
	char value[VIRTFS_VALUE_LEN];
	struct dirent **entries;
	json_t *o = json_pack("{s:b}", "ok", 1);
	int n;

	snprintf(path, sizeof(path), "%s/%s", dir, group);
	n = scandir(path, &entries, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;

		if (name[0] != '.' && virtfs_read(path, name, value, sizeof(value)) == 0) {
			json_object_set_new(o, name, json_string(value));
			if (!cli->json)
				printf("%-20s %s\n", name, value);
		}
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	if (cli->json)
		return report_json(o);
	json_decref(o);
	return EX_OK_;
}

static int group_command(struct cli *cli, const char *group)
{
	char dir[VIRTFS_PATH_LEN];
	int ret;

	virtfs_take_name(cli);
	ret = virtfs_pick(cli, dir);
	if (ret)
		return ret;
	if (cli->argc == 0)
		return show_group(cli, dir, group);
	ret = set_words(cli, dir, group, cli->argc, cli->argv);
	return ret ? ret : done(cli, "done");
}

static int read_number(const char *dir, const char *attribute, uint32_t *number)
{
	char value[VIRTFS_VALUE_LEN];
	const int ret = virtfs_read(dir, attribute, value, sizeof(value));

	if (ret < 0)
		return ret;
	*number = (uint32_t)strtoul(value, NULL, 10);
	return 0;
}

/* "load p=11kW qf=1": in ohm, henry and farad of this charger's voltage and phases. */
static int set_load(struct cli *cli, const char *dir)
{
	struct load_nominal nominal;
	struct load load;
	char error[160], r[32], l[32], c[32];
	char *words[] = { r, l, c };
	int ret = read_number(dir, "phases", &nominal.phases);

	if (ret == 0)
		ret = read_number(dir, "v_nominal_mv", &nominal.v_mv);
	if (ret == 0)
		ret = read_number(dir, "f_nominal_mhz", &nominal.f_mhz);
	if (ret < 0)
		return report_error(cli, EX_SYSTEM, "%s: %s", dir, strerror(-ret));
	if (load_words(&nominal, cli->argc - 1, cli->argv + 1, &load, error, sizeof(error)) < 0)
		return report_error(cli, EX_BAD_USE, "%s", error);
	snprintf(r, sizeof(r), "load_r_mohm=%u", load.r_mohm);
	snprintf(l, sizeof(l), "load_l_uh=%u", load.l_uh);
	snprintf(c, sizeof(c), "load_c_nf=%u", load.c_nf);
	ret = set_words(cli, dir, "grid", 3, words);
	return ret ? ret : done(cli, "done");
}

int cmd_virt_grid(struct cli *cli)
{
	char dir[VIRTFS_PATH_LEN];
	int ret;

	virtfs_take_name(cli);
	if (cli->argc == 0 || strcmp(cli->argv[0], "load") != 0)
		return group_command(cli, "grid");
	ret = virtfs_pick(cli, dir);
	return ret ? ret : set_load(cli, dir);
}

int cmd_virt_bus(struct cli *cli)
{
	return group_command(cli, "bus");
}

int cmd_virt_car(struct cli *cli)
{
	return group_command(cli, "car");
}

/* "clear" alone: every fault that is not zero. */
static int clear_all(const struct cli *cli, const char *dir)
{
	char path[VIRTFS_PATH_LEN + 16];
	char value[VIRTFS_VALUE_LEN];
	struct dirent **entries;
	int ret = EX_OK_;
	int n;

	snprintf(path, sizeof(path), "%s/fault", dir);
	n = scandir(path, &entries, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;

		if (ret == EX_OK_ && name[0] != '.' && strcmp(name, "list") != 0 &&
		    virtfs_read(path, name, value, sizeof(value)) == 0 && strcmp(value, "0") != 0)
			ret = virtfs_set(cli, path, name, "0");
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return ret;
}

int cmd_virt_fault(struct cli *cli)
{
	bool all;
	char dir[VIRTFS_PATH_LEN];
	char path[VIRT_KEY_LEN + 8];
	char name[VIRT_KEY_LEN];
	char value[32];
	char error[256];
	unsigned long number;
	int ret;

	virtfs_take_name(cli);
	all = cli->argc == 1 && strcmp(cli->argv[0], "clear") == 0;
	if (cli->argc == 0 || cli->argc > 2 ||
	    (cli->argc == 2 && (all || strcmp(cli->argv[1], "clear") != 0)))
		return report_error(cli, EX_BAD_USE,
				    "use: v2xctl virt fault [NAME] FAULT[:PARAMETER], "
				    "virt fault [NAME] FAULT clear, or virt fault [NAME] clear");
	if (!all && virt_fault(cli->argv[0], name, &number, error, sizeof(error)) < 0)
		return report_error(cli, EX_BAD_USE, "%s", error);
	ret = virtfs_pick(cli, dir);
	if (ret)
		return ret;
	if (all) {
		ret = clear_all(cli, dir);
		return ret ? ret : done(cli, "all faults cleared");
	}
	snprintf(path, sizeof(path), "fault/%s", name);
	snprintf(value, sizeof(value), "%lu", cli->argc > 1 ? 0 : number);
	if (virtfs_read(dir, path, error, sizeof(error)) == -ENOENT)
		return report_error(cli, EX_BAD_USE,
				    "there is no fault \"%s\"; v2xctl virt faults lists them", name);
	ret = virtfs_set(cli, dir, path, value);
	return ret ? ret : done(cli, cli->argc > 1 ? "cleared" : "thrown");
}

/* One line of fault/list: "name\t0..max\thelp". */
static json_t *fault_row(const char *dir, char *line, bool human)
{
	char *range = strchr(line, '\t');
	char *help = range ? strchr(range + 1, '\t') : NULL;
	char path[VIRT_KEY_LEN + 8];
	char value[64] = "?";

	if (!help)
		return NULL;
	*range++ = '\0';
	*help++ = '\0';
	snprintf(path, sizeof(path), "fault/%.40s", line);
	virtfs_read(dir, path, value, sizeof(value));
	if (human)
		printf("%-22s %8s  %-12s %s\n", line, value, range, help);
	return json_pack("{s:s,s:s,s:s,s:s}", "name", line, "value", value, "range", range, "help",
			 help);
}

int cmd_virt_faults(struct cli *cli)
{
	char dir[VIRTFS_PATH_LEN];
	char list[VIRTFS_VALUE_LEN];
	char *save = NULL;
	json_t *rows;
	int ret;

	virtfs_take_name(cli);
	ret = virtfs_pick(cli, dir);
	if (ret)
		return ret;
	ret = virtfs_read(dir, "fault/list", list, sizeof(list));
	if (ret < 0)
		return report_error(cli, EX_SYSTEM, "%s/fault/list: %s", dir, strerror(-ret));
	rows = json_array();
	if (!cli->json)
		printf("%-22s %8s  %-12s %s\n", "FAULT", "NOW", "RANGE", "WHAT");
	for (char *line = strtok_r(list, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		json_t *row = fault_row(dir, line, !cli->json);

		if (row)
			json_array_append_new(rows, row);
	}
	if (cli->json)
		return report_json(json_pack("{s:b,s:o}", "ok", 1, "faults", rows));
	json_decref(rows);
	return EX_OK_;
}
