// SPDX-License-Identifier: Apache-2.0
#include "panel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#define EDGES 16

/* By path, by name ("gpiochip3"), else by label; NULL when there is none. */
static struct gpiod_chip *find_chip(const char *wanted)
{
	struct gpiod_chip *found = NULL;
	struct dirent *entry;
	DIR *dev;

	if (wanted[0] == '/')
		return gpiod_chip_open(wanted);
	dev = opendir("/dev");
	while (!found && dev && (entry = readdir(dev))) {
		char path[300];
		struct gpiod_chip *chip;
		struct gpiod_chip_info *info;

		if (strncmp(entry->d_name, "gpiochip", 8) != 0)
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		chip = gpiod_chip_open(path);
		info = chip ? gpiod_chip_get_info(chip) : NULL;
		if (info && (!strcmp(gpiod_chip_info_get_label(info), wanted) ||
			     !strcmp(entry->d_name, wanted)))
			found = chip;
		else if (chip)
			gpiod_chip_close(chip);
		gpiod_chip_info_free(info);
	}
	if (dev)
		closedir(dev);
	if (!found)
		errno = ENOENT;
	return found;
}

/* One line of a request that is being put together. */
struct line {
	const char *key;
	const char *name;
	bool active_low;
	int32_t debounce_ms;
	unsigned int *offset;
	bool *used;
};

static int find_line(struct gpiod_chip *chip, const struct line *line, char *error)
{
	int offset = gpiod_chip_get_line_offset_from_name(chip, line->name);

	if (offset < 0) {
		snprintf(error, CONFIG_ERROR_LEN,
			 "[panel] %s: the chip has no line named \"%.60s\"; empty means unused",
			 line->key, line->name);
		return -ENOENT;
	}
	*line->offset = (unsigned int)offset;
	*line->used = true;
	return 0;
}

static int add_line(struct gpiod_line_config *lines, const struct line *line, bool output)
{
	struct gpiod_line_settings *settings = gpiod_line_settings_new();
	int result;

	if (!settings)
		return -ENOMEM;
	if (output) {
		gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT);
	} else {
		gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT);
		gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH);
		gpiod_line_settings_set_debounce_period_us(
			settings, (unsigned long)line->debounce_ms * 1000);
	}
	gpiod_line_settings_set_active_low(settings, line->active_low);
	result = gpiod_line_config_add_line_settings(lines, line->offset, 1, settings) ? -errno : 0;
	gpiod_line_settings_free(settings);
	return result;
}

/* @request stays NULL when none of the lines is named. */
static int request_lines(struct gpiod_chip *chip, const struct line *line, size_t count,
			 bool output, struct gpiod_line_request **request, char *error)
{
	struct gpiod_line_config *lines = gpiod_line_config_new();
	struct gpiod_request_config *as = gpiod_request_config_new();
	int result = lines && as ? 0 : -ENOMEM;
	bool any = false;

	for (size_t i = 0; !result && i < count; i++) {
		if (!line[i].name[0])
			continue;
		any = true;
		result = find_line(chip, &line[i], error);
		if (!result)
			result = add_line(lines, &line[i], output);
	}
	if (!result && any) {
		gpiod_request_config_set_consumer(as, "v2xd");
		*request = gpiod_chip_request_lines(chip, as, lines);
		if (!*request) {
			result = -errno;
			snprintf(error, CONFIG_ERROR_LEN, "[panel]: cannot take its %s: %s",
				 output ? "lamp lines" : "estop and door lines",
				 strerror(-result));
		}
	}
	gpiod_request_config_free(as);
	gpiod_line_config_free(lines);
	return result;
}

static int request_all(struct panel *p, struct gpiod_chip *chip, const struct config *config,
		       char *error)
{
	const struct line inputs[PANEL_INPUTS] = {
		[PANEL_ESTOP] = { "estop", config->panel.estop,
				  config->panel.estop_active == LEVEL_LOW, 0,
				  &p->input_offset[PANEL_ESTOP], &p->input_used[PANEL_ESTOP] },
		[PANEL_DOOR] = { "door", config->panel.door,
				 config->panel.door_active == LEVEL_LOW,
				 config->panel.debounce_ms, &p->input_offset[PANEL_DOOR],
				 &p->input_used[PANEL_DOOR] },
	};
	const struct line outputs[PANEL_OUTPUTS] = {
		[PANEL_RED] = { .key = "lamp_red", .name = config->panel.lamp_red,
				.offset = &p->output_offset[PANEL_RED],
				.used = &p->output_used[PANEL_RED] },
		[PANEL_GREEN] = { .key = "lamp_green", .name = config->panel.lamp_green,
				  .offset = &p->output_offset[PANEL_GREEN],
				  .used = &p->output_used[PANEL_GREEN] },
		[PANEL_BLUE] = { .key = "lamp_blue", .name = config->panel.lamp_blue,
				 .offset = &p->output_offset[PANEL_BLUE],
				 .used = &p->output_used[PANEL_BLUE] },
	};
	int result = request_lines(chip, inputs, PANEL_INPUTS, false, &p->inputs, error);

	if (!result)
		result = request_lines(chip, outputs, PANEL_OUTPUTS, true, &p->outputs, error);
	return result;
}

static void release_all(struct panel *panel)
{
	if (panel->inputs)
		gpiod_line_request_release(panel->inputs);
	if (panel->outputs)
		gpiod_line_request_release(panel->outputs);
	if (panel->events)
		gpiod_edge_event_buffer_free(panel->events);
	panel->inputs = NULL;
	panel->outputs = NULL;
	panel->events = NULL;
	memset(panel->input_used, 0, sizeof(panel->input_used));
	memset(panel->output_used, 0, sizeof(panel->output_used));
}

int panel_open(struct panel *panel, const struct config *config, char *error)
{
	struct gpiod_chip *chip;
	int result;

	if (!config->panel.chip[0])
		return 0;
	chip = find_chip(config->panel.chip);
	if (!chip) {
		result = -errno;
		snprintf(error, CONFIG_ERROR_LEN,
			 "[panel] chip: there is no GPIO chip \"%s\" (%s); expected a label, a "
			 "name or a path, see gpiodetect",
			 config->panel.chip, strerror(-result));
		return result;
	}
	panel->events = gpiod_edge_event_buffer_new(EDGES);
	snprintf(error, CONFIG_ERROR_LEN, "[panel]: out of memory");
	result = panel->events ? request_all(panel, chip, config, error) : -ENOMEM;
	gpiod_chip_close(chip);
	if (result)
		release_all(panel);
	else if (panel->inputs)
		/* A wake-up without an edge must not make reading wait for one. */
		fcntl(gpiod_line_request_get_fd(panel->inputs), F_SETFL, O_NONBLOCK);
	return result;
}

void panel_close(struct panel *panel, struct loop *loop)
{
	struct io_uring_sqe *sqe = panel->edge_op.busy ? loop_sqe(loop) : NULL;

	if (sqe) {
		io_uring_prep_cancel(sqe, &panel->edge_op, 0);
		io_uring_sqe_set_data(sqe, NULL);
	}
	panel_show(panel, 0);
	release_all(panel);
}

bool panel_active(const struct panel *panel, enum panel_input input)
{
	if (!panel->inputs || !panel->input_used[input])
		return false;
	/* A line that cannot be read counts as active: the safe side of both inputs. */
	return gpiod_line_request_get_value(panel->inputs, panel->input_offset[input]) !=
	       GPIOD_LINE_VALUE_INACTIVE;
}

int panel_wait(struct panel *panel, struct loop *loop)
{
	struct io_uring_sqe *sqe;

	if (!panel->inputs || panel->edge_op.busy)
		return 0;
	sqe = loop_sqe(loop);
	if (!sqe)
		return -EBUSY;
	io_uring_prep_poll_add(sqe, gpiod_line_request_get_fd(panel->inputs), POLLIN);
	loop_own(sqe, &panel->edge_op);
	return 0;
}

int panel_take_edges(struct panel *panel, bool pressed[PANEL_INPUTS])
{
	int count;

	memset(pressed, 0, sizeof(*pressed) * PANEL_INPUTS);
	if (!panel->inputs)
		return 0;
	count = gpiod_line_request_read_edge_events(panel->inputs, panel->events, EDGES);
	for (int i = 0; i < count; i++) {
		struct gpiod_edge_event *event =
			gpiod_edge_event_buffer_get_event(panel->events, (unsigned long)i);

		if (gpiod_edge_event_get_event_type(event) != GPIOD_EDGE_EVENT_RISING_EDGE)
			continue;
		for (unsigned int input = 0; input < PANEL_INPUTS; input++)
			pressed[input] |= panel->input_used[input] &&
					  panel->input_offset[input] ==
						  gpiod_edge_event_get_line_offset(event);
	}
	return count < 0 && errno != EAGAIN ? -errno : 0;
}

void panel_show(struct panel *panel, uint32_t colours)
{
	if (!panel->outputs || panel->shown == colours)
		return;
	for (unsigned int i = 0; i < PANEL_OUTPUTS; i++)
		if (panel->output_used[i])
			gpiod_line_request_set_value(panel->outputs, panel->output_offset[i],
						     colours & (1U << i) ? GPIOD_LINE_VALUE_ACTIVE :
									   GPIOD_LINE_VALUE_INACTIVE);
	panel->shown = colours;
}
