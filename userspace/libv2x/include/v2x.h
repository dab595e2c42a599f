/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libv2x: what a program needs to use /dev/v2xN.
 *
 * Conventions, for every function:
 *  - 0 or a positive count on success, -errno otherwise; errno itself is left
 *    alone. -ENODEV: the charger has gone; only v2x_close() is useful then.
 *  - Power and the current that carries it are positive from the grid to the
 *    vehicle (charging). Units are in the names (p_mw, v_mv, f_mhz, t_ns).
 *  - Structures of <linux/v2x.h> that go to the kernel may be given with size
 *    zero: the library fills it in. All other fields not named by the caller
 *    must be zero; the kernel refuses what it does not know.
 *  - A handle may be used by one thread at a time; different handles, status
 *    pages and ring readers are independent of each other. Nothing starts a
 *    thread, installs a signal handler or prints.
 */
#ifndef V2X_H
#define V2X_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/v2x.h>

#ifdef __cplusplus
extern "C" {
#endif

struct io_uring_sqe;
struct v2x_device;

/* ---- finding and opening ------------------------------------------------ */

#define V2X_NODE_NAME_LEN 32
#define V2X_NODE_PATH_LEN 64

/**
 * struct v2x_node - one charger found by v2x_list()
 * @dev: "v2x0"
 * @path: "/dev/v2x0"
 */
struct v2x_node {
	char dev[V2X_NODE_NAME_LEN];
	char path[V2X_NODE_PATH_LEN];
};

/**
 * v2x_list() - the chargers of this machine, in order of their number
 * @nodes: filled in
 * @max: room in @nodes
 *
 * Reads /sys/class/v2x. Return: number of chargers, which may be more than
 * @max (only the first @max are filled in), 0 when there is none.
 */
int v2x_list(struct v2x_node *nodes, size_t max);

#define V2X_OPEN_READ 0U	     /* monitor only */
#define V2X_OPEN_WRITE (1U << 0)    /* needed for claim and emergency stop */
#define V2X_OPEN_NONBLOCK (1U << 1) /* v2x_read_events() does not sleep */

/**
 * v2x_open() - open a charger
 * @name: "/dev/v2x0", "v2x0", "0", the charger's own name (struct v2x_info),
 *	or NULL for the first there is
 * @flags: V2X_OPEN_*
 * @dev: the handle, on success
 *
 * Return: 0; -ENODEV when there is none of that name; -EACCES; -EINVAL for
 * unknown flags; -EPROTO when it is not a v2x device or speaks no version
 * this library knows.
 */
int v2x_open(const char *name, unsigned int flags, struct v2x_device **dev);

/**
 * v2x_close() - give the handle back; NULL is allowed
 *
 * Closing a handle that holds the claim ramps power down and opens the
 * contactors. Ring readers and status pages mapped from it stay mapped.
 */
void v2x_close(struct v2x_device *dev);

/** v2x_fd() - the file descriptor, for poll() and io_uring; stays the library's */
int v2x_fd(const struct v2x_device *dev);

/** v2x_path() - "/dev/v2x0"; lives as long as the handle */
const char *v2x_path(const struct v2x_device *dev);

/** v2x_device_info() - the identity and ratings read at open; never NULL */
const struct v2x_info *v2x_device_info(const struct v2x_device *dev);

/* ---- commands ----------------------------------------------------------- */

/** v2x_get_info() - identity and ratings, asked anew */
int v2x_get_info(struct v2x_device *dev, struct v2x_info *info);

/**
 * v2x_get_channel() - describe one channel and give its last count
 * @kind: V2X_CHANNEL_ADC, V2X_CHANNEL_PWM or V2X_CHANNEL_FAULT
 * @index: from 0
 *
 * Return: 0, -ENOENT beyond the last channel of that kind.
 */
int v2x_get_channel(struct v2x_device *dev, uint32_t kind, uint32_t index,
		    struct v2x_channel *channel);

/**
 * v2x_claim() - become the one supervisor
 * @lease_ms: longest time between two set-points, V2X_LEASE_MIN_MS ..
 *	V2X_LEASE_MAX_MS
 *
 * Return: 0, -EBADF opened without V2X_OPEN_WRITE, -EBUSY somebody else
 * holds it, -ERANGE lease out of range, -ESHUTDOWN the machine goes down.
 */
int v2x_claim(struct v2x_device *dev, uint32_t lease_ms);

/** v2x_release() - give the claim back: ramps down and opens; -EPERM without it */
int v2x_release(struct v2x_device *dev);

/**
 * v2x_setpoint() - ask for power and renew the lease
 *
 * Return: 0, -EPERM without the claim, -ERANGE beyond the ratings, -ETIME
 * valid_until_ns is over, -EINVAL.
 */
int v2x_setpoint(struct v2x_device *dev, const struct v2x_setpoint *setpoint);

int v2x_get_limits(struct v2x_device *dev, struct v2x_limits *limits);

int v2x_get_forming(struct v2x_device *dev, struct v2x_forming *forming);

/** v2x_set_forming() - taken whole or refused whole; -EPERM, -ERANGE, -EINVAL */
int v2x_set_forming(struct v2x_device *dev, const struct v2x_forming *forming);

/** v2x_set_limits() - taken whole or refused whole; -EPERM, -ERANGE, -EINVAL */
int v2x_set_limits(struct v2x_device *dev, const struct v2x_limits *limits);

int v2x_get_protection(struct v2x_device *dev, struct v2x_protection *prot);

/** v2x_set_protection() - taken whole or refused whole; -EPERM, -ERANGE, -EINVAL */
int v2x_set_protection(struct v2x_device *dev, const struct v2x_protection *prot);

/** v2x_get_prot_table() - the protection table in force, with its hash */
int v2x_get_prot_table(struct v2x_device *dev, struct v2x_prot_table *table);

/**
 * v2x_set_prot_table() - put a protection table in force, whole
 * @table: hash, refused and why are the kernel's and written back
 *
 * Return: 0; -EINVAL or -ERANGE: nothing has changed, and table->refused is
 * the index of the entry to blame or V2X_PROT_NO_ENTRY, table->why says what
 * is wrong with it (v2x_prot_why_text()); -EPERM without the claim.
 */
int v2x_set_prot_table(struct v2x_device *dev, struct v2x_prot_table *table);

/** v2x_default_prot_table() - back to the charger's own table; -EPERM without the claim */
int v2x_default_prot_table(struct v2x_device *dev);

/** v2x_get_tuning() - a parameter of the control; -EINVAL: there is none of that number */
int v2x_get_tuning(struct v2x_device *dev, uint32_t index, struct v2x_tuning *tuning);

/** v2x_set_tuning() - change it, at power too; -ERANGE outside its range, -EBADF read-only */
int v2x_set_tuning(struct v2x_device *dev, uint32_t index, int32_t value);

/**
 * v2x_prot_table_parse() - a protection table from text
 * @text: lines "name TEXT", "version N", "return TIME ms|s", "recover TIME
 *	ms|s", "k PU", "k_band PU", "lom_gain PU", "lom_q PU" and
 *	"stage QUANTITY over|under trip|cease|ride THRESHOLD UNIT TIME ms|s
 *	[window TIME ms|s]"; "#" begins a comment
 * @len: bytes of @text
 * @table: filled in only when all is well, ready for v2x_set_prot_table()
 * @error: what is wrong, with the line
 * @error_len: its room
 *
 * Only the form is checked here; the kernel checks the sense. Return: 0 or
 * -EINVAL.
 */
int v2x_prot_table_parse(const char *text, size_t len, struct v2x_prot_table *table, char *error,
			 size_t error_len);

/**
 * v2x_prot_table_format() - the same way back
 *
 * Return: length it has, as snprintf() does. 4096 bytes are enough.
 */
int v2x_prot_table_format(const struct v2x_prot_table *table, char *buf, size_t len);

/**
 * v2x_request() - start, stop, acknowledge or emergency stop
 * @request: V2X_REQUEST_*
 * @cause: free for the caller, comes back in the state event
 *
 * Return: 0, -EPERM without the claim, -EBUSY when the state does not allow
 * it (start unless idle, acknowledge while the fault stands).
 */
int v2x_request(struct v2x_device *dev, uint32_t request, uint32_t cause);

/**
 * v2x_pilot() - control pilot duty
 * @duty_permille: V2X_PILOT_DUTY_OFF, V2X_PILOT_DUTY_STEADY or 30..970
 *
 * Return: 0, -EPERM without the claim, -EOPNOTSUPP without a pilot, -ERANGE
 * or -EINVAL for another duty.
 */
int v2x_pilot(struct v2x_device *dev, uint32_t duty_permille);

/**
 * v2x_wait_cycle() - sleep until a mains cycle after number @after is recorded
 * @after: sequence number; UINT64_MAX: the next to come
 * @timeout_ms: 1 .. V2X_WAIT_MAX_MS
 *
 * Return: 0, -ETIME, -EINTR, -ENODEV.
 */
int v2x_wait_cycle(struct v2x_device *dev, uint64_t after, uint32_t timeout_ms);

/** v2x_wait_event() - likewise for an event after number @after */
int v2x_wait_event(struct v2x_device *dev, uint64_t after, uint32_t timeout_ms);

/**
 * v2x_cancel() - end waits of this handle early; they return -ECANCELED
 * @tag: v2x_wait.tag of those meant
 *
 * Return: 0, -ENOENT when there is none.
 */
int v2x_cancel(struct v2x_device *dev, uint64_t tag);

/** v2x_cancel_all() - likewise, all waits of this handle */
int v2x_cancel_all(struct v2x_device *dev);

/** v2x_recorder_arm() - drop the frozen record and wait for the next trip */
int v2x_recorder_arm(struct v2x_device *dev);

/**
 * v2x_read_events() - read events raised since the file was opened
 * @events: filled in
 * @max: room, at least 1
 *
 * Return: number of events (at least 1), -EAGAIN none now (V2X_OPEN_NONBLOCK),
 * -EINTR, -ENODEV gone and all read. A jump of more than one between two
 * event.seq means the reader was too slow and lost those between.
 */
int v2x_read_events(struct v2x_device *dev, struct v2x_event *events, size_t max);

/* ---- the same commands through the caller's io_uring --------------------- */

/*
 * Each fills in one submission queue entry, except user_data, which is left
 * as it is. The structure must stay until the entry was submitted (until it
 * completed, on a ring with IORING_SETUP_SQPOLL) and its size must be set,
 * by V2X_INIT() for instance. The completion's res is what the function of
 * the same name returns. For a registered file set IOSQE_FIXED_FILE and
 * sqe->fd afterwards. Waits complete asynchronously; end them early with
 * v2x_cancel() or v2x_prep_cancel() on their tag: IORING_OP_ASYNC_CANCEL does
 * not reach a driver's commands.
 */

/** V2X_INIT() - initialiser of a uAPI structure with its size, the rest zero */
#define V2X_INIT(type) ((type){ .size = (uint32_t)sizeof(type) })

void v2x_prep_setpoint(struct io_uring_sqe *sqe, const struct v2x_device *dev,
		       const struct v2x_setpoint *setpoint);
void v2x_prep_set_limits(struct io_uring_sqe *sqe, const struct v2x_device *dev,
			 const struct v2x_limits *limits);
void v2x_prep_get_limits(struct io_uring_sqe *sqe, const struct v2x_device *dev,
			 struct v2x_limits *limits);
void v2x_prep_set_protection(struct io_uring_sqe *sqe, const struct v2x_device *dev,
			     const struct v2x_protection *prot);
void v2x_prep_get_protection(struct io_uring_sqe *sqe, const struct v2x_device *dev,
			     struct v2x_protection *prot);
void v2x_prep_set_prot_table(struct io_uring_sqe *sqe, const struct v2x_device *dev,
			     struct v2x_prot_table *table);
void v2x_prep_get_prot_table(struct io_uring_sqe *sqe, const struct v2x_device *dev,
			     struct v2x_prot_table *table);
void v2x_prep_request(struct io_uring_sqe *sqe, const struct v2x_device *dev,
		      const struct v2x_request *request);
void v2x_prep_pilot(struct io_uring_sqe *sqe, const struct v2x_device *dev,
		    const struct v2x_pilot_cmd *pilot);
void v2x_prep_wait_cycle(struct io_uring_sqe *sqe, const struct v2x_device *dev,
			 const struct v2x_wait *wait);
void v2x_prep_wait_event(struct io_uring_sqe *sqe, const struct v2x_device *dev,
			 const struct v2x_wait *wait);
void v2x_prep_cancel(struct io_uring_sqe *sqe, const struct v2x_device *dev,
		     const struct v2x_cancel *cancel);
void v2x_prep_recorder_arm(struct io_uring_sqe *sqe, const struct v2x_device *dev);

/**
 * v2x_prep_command() - any command of <linux/v2x.h>
 * @cmd: V2X_IOC_*
 * @arg: what the ioctl would take, or NULL
 * @len: its size, equal to its size field; 0 with NULL
 */
void v2x_prep_command(struct io_uring_sqe *sqe, const struct v2x_device *dev,
		      uint32_t cmd, const void *arg, uint32_t len);

/* ---- mapped status and rings --------------------------------------------- */

/**
 * v2x_map_status() - map the status page
 * @page: the mapping, to be given to v2x_status_read() and
 *	v2x_unmap_status(); stays valid after v2x_close()
 */
int v2x_map_status(struct v2x_device *dev, const struct v2x_status **page);
void v2x_unmap_status(const struct v2x_status *page);

/**
 * v2x_status_read() - one consistent snapshot of the page
 *
 * Takes no lock and never holds the kernel up. Fields that an older kernel
 * does not have read as zero. Return: 0; -EAGAIN when no consistent copy was
 * had in 1000 tries, which with a live writer does not happen.
 */
int v2x_status_read(const struct v2x_status *page, struct v2x_status *out);

/** v2x_get_status() - the same in one call: maps on first use */
int v2x_get_status(struct v2x_device *dev, struct v2x_status *out);

/**
 * struct v2x_ring_reader - a reader's place in a mapped ring
 * @ring: header in the mapping
 * @len: bytes mapped
 * @entry_size: of the ring, bytes; checked once, never read again
 * @entries: likewise
 * @data_offset: likewise
 * @next: number of the record the next call gives; may be set by the caller
 * @lost: records lost to overruns since the reader was made
 * @frozen: a fault recorder: not written to while it is read
 * @frozen_t_ns: recorder: time of the trip when the reader was made
 *
 * Any number of readers may read a ring; each sees all records.
 */
struct v2x_ring_reader {
	const struct v2x_ring *ring;
	size_t len;
	uint32_t entry_size;
	uint32_t entries;
	uint32_t data_offset;
	bool frozen;
	uint64_t next;
	uint64_t lost;
	uint64_t frozen_t_ns;
};

/**
 * v2x_map_samples() - map the waveform ring: struct v2x_sample, one a tick
 * v2x_map_cycles() - map the cycle ring: struct v2x_cycle, one a mains cycle
 *
 * The reader begins at the records to come; v2x_ring_rewind() moves it back
 * to the oldest there are. Return: 0, -EPROTO when the ring's header does not
 * add up, -ENOMEM, -ENODEV.
 */
int v2x_map_samples(struct v2x_device *dev, struct v2x_ring_reader *reader);
int v2x_map_cycles(struct v2x_device *dev, struct v2x_ring_reader *reader);

/**
 * v2x_map_record() - map the fault recorder, at its oldest struct v2x_sample
 *
 * reader->ring->trigger is the number of the record at the trip, ->reason why
 * and ->t_ns when. Return: as above, and -ENODATA when nothing is recorded
 * (or the record is still filling), -EOPNOTSUPP without a recorder.
 */
int v2x_map_record(struct v2x_device *dev, struct v2x_ring_reader *reader);

/** v2x_unmap_ring() - after any of the three */
void v2x_unmap_ring(struct v2x_ring_reader *reader);

/**
 * v2x_ring_attach() - a reader on memory that is already mapped
 * @mem: ring header followed by its records, aligned to 8 bytes
 * @len: bytes
 * @entry_size_min: smallest record the caller can use
 */
int v2x_ring_attach(struct v2x_ring_reader *reader, const void *mem, size_t len,
		    size_t entry_size_min);

/** v2x_ring_rewind() - go to the oldest whole record but @keep_back at most */
void v2x_ring_rewind(struct v2x_ring_reader *reader, uint64_t keep_back);

/** v2x_ring_available() - records written that the reader has not had */
uint64_t v2x_ring_available(const struct v2x_ring_reader *reader);

/**
 * v2x_next_sample(), v2x_next_cycle() - copy the next record
 * @lost: if not NULL, set to the records lost by this call
 *
 * Return: 1 with a record; 0 when there is none yet; -EOVERFLOW when the
 * writer overtook the reader, which then stands at the oldest whole record:
 * count @lost and call again; -ESTALE when a fault record was armed again
 * under the reader.
 */
int v2x_next_sample(struct v2x_ring_reader *reader, struct v2x_sample *sample, uint64_t *lost);
int v2x_next_cycle(struct v2x_ring_reader *reader, struct v2x_cycle *cycle, uint64_t *lost);

/** v2x_last_cycle() - the newest cycle record, the reader left where it is; 1, 0 */
int v2x_last_cycle(const struct v2x_ring_reader *reader, struct v2x_cycle *cycle);

/* ---- names --------------------------------------------------------------- */

/*
 * One-word identifiers, the same in every program, log and protocol.
 * Unknown numbers give "unknown", never NULL.
 */
const char *v2x_state_name(uint32_t state);	  /* "ramp_down" */
const char *v2x_reason_name(uint32_t reason);	  /* "grid_over_voltage" */
const char *v2x_pilot_name(uint32_t pilot);	  /* "C" */
const char *v2x_event_name(uint32_t type);	  /* "trip" */
const char *v2x_request_name(uint32_t request);  /* "start" */
const char *v2x_limited_name(uint32_t bit);	  /* of one V2X_LIMITED_* bit */
const char *v2x_contactor_name(uint32_t bit);	  /* of one V2X_CONTACTOR_* bit */
const char *v2x_fault_line_name(uint32_t bit);	  /* of one V2X_FAULT_* bit */
const char *v2x_island_name(uint32_t island);	  /* "alone" */
const char *v2x_mode_name(uint32_t mode);	  /* "form_island" */
const char *v2x_feature_name(uint64_t bit);	  /* of one V2X_FEATURE_* bit */

/** v2x_reason_text() - one sentence: what it means and what to do */
const char *v2x_reason_text(uint32_t reason);
/** v2x_limited_text() - one sentence on what holds power back */
const char *v2x_limited_text(uint32_t bit);
/** v2x_reason_unit() - unit of event.value and .limit of a trip: "mV", "" */
const char *v2x_reason_unit(uint32_t reason);

const char *v2x_prot_quantity_name(uint32_t quantity); /* "v_phase" */
const char *v2x_prot_quantity_text(uint32_t quantity); /* "phase voltage, one-cycle RMS" */
const char *v2x_prot_quantity_unit(uint32_t quantity); /* "mV" */
const char *v2x_prot_side_name(uint32_t side);	       /* "over" */
const char *v2x_prot_action_name(uint32_t action);     /* "trip" */
const char *v2x_prot_why_text(uint32_t why);	       /* one sentence on a refusal */

/** v2x_state_from_name() and its like: the number, or -ENOENT */
int v2x_state_from_name(const char *name);
int v2x_reason_from_name(const char *name);
int v2x_island_from_name(const char *name);
int v2x_mode_from_name(const char *name);
int v2x_request_from_name(const char *name);
int v2x_prot_quantity_from_name(const char *name);
int v2x_prot_side_from_name(const char *name);
int v2x_prot_action_from_name(const char *name);

/**
 * v2x_bits_format() - names of the bits of a mask, "a, b"; "-" when zero
 * @name: v2x_limited_name, v2x_contactor_name or v2x_fault_line_name
 *
 * Return: @buf.
 */
const char *v2x_bits_format(uint32_t mask, const char *(*name)(uint32_t bit), char *buf,
			    size_t len);

/**
 * v2x_event_format() - one line of text for an event, without time
 *
 * Return: length it has, as snprintf() does.
 */
int v2x_event_format(const struct v2x_event *event, char *buf, size_t len);

/**
 * v2x_error_text() - what a command's errno means, and what to do
 * @cmd: V2X_IOC_*, or 0 for opening
 * @error: -errno
 */
const char *v2x_error_text(uint32_t cmd, int error);

/** v2x_version() - of the library, "0.1.0" */
const char *v2x_version(void);

#ifdef __cplusplus
}
#endif
#endif /* V2X_H */
