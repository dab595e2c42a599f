// SPDX-License-Identifier: Apache-2.0
/* What people and programs are shown: pictures, status, events, cycle rows. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../userspace/v2xctl/event_json.h"
#include "../../../userspace/v2xctl/plot.h"
#include "../../../userspace/v2xctl/status_json.h"
#include "../../../userspace/v2xctl/wave_csv.h"
#include "test.h"

static struct wave wave;
static const struct wave_channel *channels[WAVE_CHANNELS_MAX + 1];
static char *text;
static size_t text_len;
static FILE *out;

static int start(void **state)
{
	char bad[32];

	(void)state;
	wave = (struct wave){ .has_trigger = true, .trigger = 100 };
	wave.info.phases = 3;
	wave.info.tick_hz = 20000;
	for (int i = 0; i < 400; i++) {
		struct v2x_sample s = { .tick = (unsigned int)i, .v_dc_link_mv = 800000 };

		s.v_mv[0] = (int)lround(325000 * sin(2 * M_PI * i / 400));
		s.i_ma[0] = s.v_mv[0] / 20;
		assert_int_equal(wave_add(&wave, &s), 0);
	}
	assert_int_equal(wave_choose(&wave, "v_a,i_a,v_dc", channels, bad, sizeof(bad)), 3);
	out = open_memstream(&text, &text_len);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	fclose(out);
	free(text);
	wave_free(&wave);
	return 0;
}

static int count(const char *what)
{
	int n = 0;

	fflush(out);
	for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what))
		n++;
	return n;
}

static void characters_fill_the_panel(void **state)
{
	int col_max = 0;
	int col_min = 0;
	int col = 0;
	double top = -1e9;

	(void)state;
	plot_ascii(out, &wave, channels, 80, 16);
	fflush(out);
	/* Two units, two panels of 16 rows. */
	assert_int_equal(count(" |"), 32);
	assert_non_null(strstr(text, "a v_a   b v_dc   (V)"));
	assert_non_null(strstr(text, "a i_a   (A)"));
	assert_non_null(strstr(text, "19.950 ms"));
	assert_non_null(strstr(text, "trip (none) at 5.000 ms"));
	/* The sine's crest is a quarter through, its trough three quarters: panel of i_a. */
	for (const char *line = strstr(text, "(A)\n") + 4; strchr(line, '|');
	     line = strchr(line, '\n') + 1) {
		const char *bar = strchr(line, '|');
		const char *a = memchr(bar, 'a', (size_t)(strchr(line, '\n') - bar));

		if (bar > strchr(line, '\n'))
			break;
		if (!a)
			continue;
		col = (int)(a - bar);
		if (top < -1e8) {
			top = strtod(line, NULL);
			col_max = col;
		}
		col_min = col;
	}
	assert_true(top > 14 && top < 17);
	assert_in_range(col_max, 12, 24);
	assert_in_range(col_min, 50, 64);
}

static void the_picture_is_whole_and_inside_its_frame(void **state)
{
	const char *points;
	int n = 0;

	(void)state;
	assert_int_equal(plot_svg(out, &wave, channels), 0);
	fflush(out);
	assert_int_equal(strncmp(text, "<svg ", 5), 0);
	assert_non_null(strstr(text, "</svg>\n"));
	assert_int_equal(count("<polyline "), 3);
	assert_int_equal(count("<rect "), 3);
	assert_int_equal(count("stroke-dasharray"), 2);
	assert_int_equal(count("<text "), count("</text>"));
	for (points = strstr(text, "points=\""); points; points = strstr(points, "points=\"")) {
		char *at = (char *)points + 8;

		while (*at != '"') {
			const double x = strtod(at, &at);
			const double y = strtod(at + 1, &at);

			assert_true(x >= 70 && x <= 950);
			assert_true(y >= 28 && y <= 440);
			at += *at == ' ';
			n++;
		}
		points = at;
	}
	assert_int_equal(n, 3 * 400);
}

static void the_script_has_a_column_a_channel(void **state)
{
	char *row;
	int fields = 1;

	(void)state;
	assert_int_equal(plot_gnuplot(out, &wave, channels), 0);
	fflush(out);
	assert_int_equal(strncmp(text, "$wave << EOD\n", 13), 0);
	row = text + 13;
	for (; *row != '\n'; row++)
		fields += *row == ' ';
	assert_int_equal(fields, 4);
	assert_non_null(strstr(text, "$wave using 1:2 with lines title 'v_a', "
				     "$wave using 1:3 with lines title 'v_dc'\n"));
	assert_non_null(strstr(text, "$wave using 1:4 with lines title 'i_a'\n"));
}

static void a_cycle_row_has_the_headers_columns(void **state)
{
	const struct v2x_cycle c = { .seq = 7, .t_ns = 1500000000, .f_mhz = 49987,
				     .p_mw = -1234567, .state = V2X_STATE_RUN,
				     .e_export_mj = 3600000 };
	int commas[2] = { 0, 0 };
	int line = 0;

	(void)state;
	cycle_csv_header(out);
	cycle_csv_row(out, &c);
	fflush(out);
	for (const char *at = text; *at; at++) {
		commas[line] += *at == ',';
		line += *at == '\n' && line == 0;
	}
	assert_int_equal(commas[0], commas[1]);
	assert_non_null(strstr(text, "\n1.500000,7,49.987,"));
	assert_non_null(strstr(text, ",-1234.567,"));
	assert_non_null(strstr(text, ",run,"));
	assert_non_null(strstr(text, ",0.0000,1.0000\n"));
}

/* Every field of struct v2x_status, from the header, but those that are not for JSON. */
static void the_status_has_every_field(void **state)
{
	static const char skip[] = " size seq start_hist duration_hist duration_sum_ns ";
	FILE *header = fopen(V2X_TREE "/kernel/include/uapi/linux/v2x.h", "r");
	const struct v2x_status s = { .p_mw = -5, .e_import_mj = 1LL << 40,
				      .limited_by = V2X_LIMITED_RAMP,
				      .mode = V2X_MODE_FORM_ISLAND };
	json_t *o = status_json(&s);
	char line[256];
	int inside = 0;
	int fields = 0;

	(void)state;
	assert_non_null(header);
	while (fgets(line, sizeof(line), header)) {
		char name[64];
		char spaced[80];

		if (strncmp(line, "struct v2x_status {", 19) == 0)
			inside = 1;
		else if (line[0] == '}')
			inside = 0;
		if (!inside || sscanf(line, "\t__%*[us0-9] %63[a-z_0-9]", name) != 1)
			continue;
		snprintf(spaced, sizeof(spaced), " %s ", name);
		if (strstr(skip, spaced))
			continue;
		if (!json_object_get(o, name))
			fail_msg("status --json lacks %s", name);
		fields++;
	}
	fclose(header);
	assert_true(fields > 35);
	assert_int_equal(json_integer_value(json_object_get(o, "p_mw")), -5);
	assert_int_equal(json_integer_value(json_object_get(o, "e_import_mj")), 1LL << 40);
	assert_string_equal(json_string_value(json_array_get(json_object_get(o, "limited_by"), 0)),
			    "ramp");
	assert_string_equal(json_string_value(json_object_get(o, "mode")), "form_island");
	json_decref(o);
}

static void an_event_names_its_sides(void **state)
{
	const struct v2x_event e = { .seq = 3, .type = V2X_EVENT_CONTACTOR,
				     .to = V2X_CONTACTOR_GRID | V2X_CONTACTOR_EV };
	const struct v2x_event trip = { .type = V2X_EVENT_TRIP, .value = -5,
					.reason = V2X_REASON_GRID_OVER_VOLTAGE };
	json_t *o = event_json(&e);

	(void)state;
	assert_string_equal(json_string_value(json_object_get(o, "type")), "contactor");
	assert_int_equal(json_array_size(json_object_get(o, "from")), 0);
	assert_int_equal(json_array_size(json_object_get(o, "to")), 2);
	json_decref(o);
	o = event_json(&trip);
	assert_int_equal(json_integer_value(json_object_get(o, "value")), -5);
	assert_string_equal(json_string_value(json_object_get(o, "unit")), "mV");
	assert_string_equal(json_string_value(json_object_get(o, "reason")), "grid_over_voltage");
	json_decref(o);
}

static void the_status_block_tells_a_fault(void **state)
{
	const struct v2x_info info = { .name = "one", .driver = "virt", .phases = 3 };
	const struct v2x_status s = { .state = V2X_STATE_FAULT, .p_mw = -1500000,
				      .reason = V2X_REASON_LEASE, .fault = V2X_REASON_LEASE,
				      .lease_left_ms = 12, .claimed = 1 };

	(void)state;
	status_print(out, &info, &s);
	fflush(out);
	assert_non_null(strstr(text, "one (virt)   fault, reason lease\n"));
	assert_non_null(strstr(text, "FAULT     lease: No set-point came within the lease"));
	assert_non_null(strstr(text, "P   -1500.0 W"));
	assert_non_null(strstr(text, "held, lease runs out in 12 ms"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
	const struct CMUnitTest tests[] = {
		TEST(characters_fill_the_panel),
		TEST(the_picture_is_whole_and_inside_its_frame),
		TEST(the_script_has_a_column_a_channel),
		TEST(a_cycle_row_has_the_headers_columns),
		TEST(the_status_has_every_field),
		TEST(an_event_names_its_sides),
		TEST(the_status_block_tells_a_fault),
	};

	return cmocka_run_group_tests_name("v2xctl output", tests, NULL, NULL);
}
