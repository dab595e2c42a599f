/* SPDX-License-Identifier: Apache-2.0 */
/* Emergency stop, door contact and status lamp on a GPIO chip, through libgpiod. */
#ifndef V2XD_PANEL_H
#define V2XD_PANEL_H

#include <gpiod.h>
#include <stdbool.h>

#include "../config/config.h"
#include "../loop/loop.h"
#include "lamp.h"

enum panel_input { PANEL_ESTOP, PANEL_DOOR, PANEL_INPUTS };
enum panel_output { PANEL_RED, PANEL_GREEN, PANEL_BLUE, PANEL_OUTPUTS };

struct panel {
	struct gpiod_line_request *inputs;	/* NULL: none configured */
	struct gpiod_line_request *outputs;
	struct gpiod_edge_event_buffer *events;
	unsigned int input_offset[PANEL_INPUTS];
	bool input_used[PANEL_INPUTS];
	unsigned int output_offset[PANEL_OUTPUTS];
	bool output_used[PANEL_OUTPUTS];
	uint32_t shown;		/* LAMP_* now lit */
	struct loop_op edge_op;
};

/**
 * panel_open - request the lines the configuration names
 * @panel: edge_op set, the rest zero
 * @error: CONFIG_ERROR_LEN bytes: key, what was expected
 *
 * Nothing to do, and no error, when no chip is configured.
 * Return: 0 or -errno.
 */
int panel_open(struct panel *panel, const struct config *config, char *error);

/* Lamp off, lines given back, the wait on @loop ended. */
void panel_close(struct panel *panel, struct loop *loop);

/* Is the input there and active? */
bool panel_active(const struct panel *panel, enum panel_input input);

/* Park a wait for the next edge on the ring. 0 (also without inputs) or -errno. */
int panel_wait(struct panel *panel, struct loop *loop);

/**
 * panel_take_edges - take the edges away that ended the wait
 * @pressed: inputs that became active, even if they are not any more: a short
 *	press of the emergency stop is one
 *
 * Return: 0 or -errno.
 */
int panel_take_edges(struct panel *panel, bool pressed[PANEL_INPUTS]);

/* Show these LAMP_* bits; does nothing when they are shown already. */
void panel_show(struct panel *panel, uint32_t colours);

#endif
