// SPDX-License-Identifier: Apache-2.0
/* What is said to v2xd, with a small server in its place. */
#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "../../../userspace/v2xctl/daemon.h"
#include "run.h"

static char dir[] = "/tmp/v2xctl-daemon-XXXXXX";
static char path[64];
static char request[4096];

/* Takes one connection, or two, keeps the last line, and answers. */
struct server {
	int fd;
	const char *answer; /* NULL: hang up without one */
	const char *next;   /* of a second connection; NULL: there is none */
	pthread_t thread;
};

static void serve_one(const struct server *s, const char *answer)
{
	const int fd = accept(s->fd, NULL, NULL);
	size_t at = 0;

	memset(request, 0, sizeof(request));

	while (at + 1 < sizeof(request) && !memchr(request, '\n', at)) {
		const ssize_t n = recv(fd, request + at, sizeof(request) - 1 - at, 0);

		if (n <= 0)
			break;
		at += (size_t)n;
	}
	request[at] = '\0';
	if (answer)
		send(fd, answer, strlen(answer), MSG_NOSIGNAL);
	close(fd);
}

static void *serve(void *arg)
{
	const struct server *s = arg;

	serve_one(s, s->answer);
	if (s->next)
		serve_one(s, s->next);
	return NULL;
}

static void start_server_of_two(struct server *s, const char *answer, const char *next)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	unlink(path);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	s->answer = answer;
	s->next = next;
	s->fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(s->fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(s->fd, 2), 0);
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void start_server(struct server *s, const char *answer)
{
	start_server_of_two(s, answer, NULL);
}

static void end_server(struct server *s)
{
	pthread_join(s->thread, NULL);
	close(s->fd);
	unlink(path);
}

static int make_dir(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/s", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static void expect_request(const char *text)
{
	json_t *got = json_loads(request, 0, NULL);
	json_t *expected = json_loads(text, 0, NULL);

	assert_non_null(expected);
	if (!json_equal(got, expected))
		fail_msg("sent %s", request);
	assert_int_equal(request[strlen(request) - 1], '\n');
	json_decref(got);
	json_decref(expected);
}

static void set_is_sent_in_milli_units(void **state)
{
	struct server s;

	(void)state;
	start_server(&s, "{\"ok\":true}\n");
	assert_int_equal(RUN("--socket", path, "set", "p=-5kW", "q=100", "ramp=2kW/s", "for=1.5s",
			     "--rank", "dso", "--reason", "because"), EX_OK_);
	end_server(&s);
	expect_request("{\"cmd\":\"set\",\"p_mw\":-5000000,\"q_mvar\":100000,"
		       "\"ramp_mw_per_s\":2000000,\"for_s\":2,\"rank\":\"dso\","
		       "\"reason\":\"because\"}");
}

static void zero_is_sent_as_zero(void **state)
{
	struct server s;

	(void)state;
	start_server(&s, "{\"ok\":true}\n");
	assert_int_equal(RUN("--socket", path, "set", "p=0"), EX_OK_);
	end_server(&s);
	expect_request("{\"cmd\":\"set\",\"p_mw\":0}");
	start_server(&s, "{\"ok\":true}\n");
	assert_int_equal(RUN("--socket", path, "limits", "import=0", "export=0"), EX_OK_);
	end_server(&s);
	expect_request("{\"cmd\":\"limits\",\"p_import_max_mw\":0,\"p_export_max_mw\":0}");
}

static void session_commands_are_their_own_names(void **state)
{
	static const char *const names[] = { "start", "stop", "ack", "clear", "reload" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct server s;
		char expected[64];

		start_server(&s, "{\"ok\":true,\"state\":\"idle\"}\n");
		assert_int_equal(RUN("--json", "--socket", path, (char *)names[i]), EX_OK_);
		end_server(&s);
		snprintf(expected, sizeof(expected), "{\"cmd\":\"%s\"}", names[i]);
		expect_request(expected);
		assert_non_null(strstr(run_output, "\"state\":\"idle\""));
	}
}

static void a_refusal_is_passed_on(void **state)
{
	struct server s;

	(void)state;
	start_server(&s, "{\"ok\":false,\"errno\":\"ERANGE\",\"key\":\"p_mw\","
			 "\"error\":\"beyond 11 kW\"}\n");
	assert_int_equal(RUN("--json", "--socket", path, "set", "p=20kW"), EX_REFUSED);
	end_server(&s);
	assert_non_null(strstr(run_output, "v2xd refused: p_mw: beyond 11 kW"));
}

static void no_daemon_has_its_own_status(void **state)
{
	static const char *const answers[] = { NULL, "nonsense\n", "[1]\n", "{\"ok\":true}" };

	(void)state;
	assert_int_equal(RUN("--socket", path, "set", "p=1"), EX_NO_DAEMON);
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct server s;

		start_server(&s, answers[i]);
		assert_int_equal(RUN("--socket", path, "stop"), EX_NO_DAEMON);
		end_server(&s);
	}
}

static void what_v2xd_cannot_take_is_not_sent(void **state)
{
	(void)state;
	/* The socket does not exist: were it asked, the status would be another. */
	assert_int_equal(RUN("--socket", path, "limits", "i=10A"), EX_BAD_USE);
	assert_int_equal(RUN("--socket", path, "limits", "import=1kW", "--for", "never"),
			 EX_BAD_USE);
}

#define DRAFT "{\"ok\":false,\"errno\":\"EPERM\",\"error\":\"a draft\",\"key\":\"acknowledge\"," \
	      "\"names\":[\"trip.uv1_limit\",\"rocof.window\"]}\n"

/* What is acknowledged are the names that v2xd says, and only when asked for. */
static void a_draft_is_acknowledged_by_the_names_of_its_values(void **state)
{
	struct server s;

	(void)state;
	start_server(&s, DRAFT);
	assert_int_equal(RUN("--socket", path, "gridcode", "apply", "uk-g99"), EX_REFUSED);
	end_server(&s);
	expect_request("{\"cmd\":\"gridcode-apply\",\"profile\":\"uk-g99\"}");
	start_server_of_two(&s, DRAFT, "{\"ok\":true,\"profile\":\"uk-g99\"}\n");
	assert_int_equal(RUN("--socket", path, "gridcode", "apply", "uk-g99", "--set",
			     "trip.uv1_time=2s", "--acknowledge-draft"), EX_OK_);
	end_server(&s);
	expect_request("{\"cmd\":\"gridcode-apply\",\"profile\":\"uk-g99\","
		       "\"set\":[\"trip.uv1_time=2s\"],"
		       "\"acknowledge\":[\"trip.uv1_limit\",\"rocof.window\"]}");
}

static void what_the_grid_code_hears_is_sent(void **state)
{
	struct server s;

	(void)state;
	start_server(&s, "{\"ok\":true}\n");
	assert_int_equal(RUN("--socket", path, "gridcode", "input", "drm=0,5", "site=-1.5kW",
			     "permit=no", "signal=on"), EX_OK_);
	end_server(&s);
	expect_request("{\"cmd\":\"gridcode-input\",\"drm\":[0,5],\"site_mw\":-1500000,"
		       "\"permit\":false,\"signal\":true}");
	start_server(&s, "{\"ok\":true}\n");
	assert_int_equal(RUN("--socket", path, "gridcode", "input", "phases=1kW/-200W/0.5kW"),
			 EX_OK_);
	end_server(&s);
	expect_request("{\"cmd\":\"gridcode-input\",\"phases_mw\":[1000000,-200000,500000]}");
	assert_int_equal(RUN("--socket", path, "gridcode", "input", "phases=1kW/2kW"), EX_BAD_USE);
	assert_int_equal(RUN("--socket", path, "gridcode", "input", "phases=1kW/2kW/3kW/4kW"),
			 EX_BAD_USE);
	assert_int_equal(RUN("--socket", path, "gridcode", "input", "site=1kW/2kW/3kW"), EX_BAD_USE);
	assert_int_equal(RUN("--socket", path, "gridcode", "input", "site=900kW"), EX_BAD_USE);
	assert_int_equal(RUN("--socket", path, "gridcode", "input", "foo=1"), EX_BAD_USE);
	assert_int_equal(RUN("--socket", path, "gridcode", "input", "drm=9"), EX_BAD_USE);
	assert_int_equal(RUN("--socket", path, "gridcode", "input", "drm=0,"), EX_BAD_USE);
	assert_int_equal(RUN("--socket", path, "gridcode", "input", "permit=maybe"), EX_BAD_USE);
	assert_int_equal(RUN("--socket", path, "gridcode", "input", "signal=up"), EX_BAD_USE);
}

static void whoever_is_outranked_is_told(void **state)
{
	struct server s;

	(void)state;
	start_server(&s, "{\"ok\":true,\"p\":{\"outranked_by\":\"dso\"}}\n");
	assert_int_equal(RUN("--socket", path, "set", "p=1kW"), EX_OK_);
	end_server(&s);
	assert_non_null(strstr(run_output, "dso ranks higher and decides"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_is_sent_in_milli_units),
		cmocka_unit_test(zero_is_sent_as_zero),
		cmocka_unit_test(session_commands_are_their_own_names),
		cmocka_unit_test(a_refusal_is_passed_on),
		cmocka_unit_test(no_daemon_has_its_own_status),
		cmocka_unit_test(what_v2xd_cannot_take_is_not_sent),
		cmocka_unit_test(a_draft_is_acknowledged_by_the_names_of_its_values),
		cmocka_unit_test(what_the_grid_code_hears_is_sent),
		cmocka_unit_test(whoever_is_outranked_is_told),
	};

	return cmocka_run_group_tests_name("v2xctl daemon", tests, make_dir, remove_dir);
}
