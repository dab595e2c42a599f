/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * User interface of a bidirectional EV charger's power stage, /dev/v2xN.
 *
 * Conventions, everywhere in this file:
 *  - Power, and the current that carries it, is positive when energy flows
 *    from the grid to the vehicle (import, charging). Reactive power is
 *    positive when the charger takes lagging current (inductive load).
 *  - Integers in SI with the unit in the name: mv, ma, mw, mvar, mva, mhz
 *    (millihertz), ns, mj (millijoule), mc (millidegree Celsius).
 *    Alternating values are RMS unless the name says peak or inst.
 *  - Times are CLOCK_MONOTONIC in nanoseconds.
 *  - Every structure begins with its own size. Fields are added only at the
 *    end; a kernel that is older than the program refuses non-zero bytes it
 *    does not know (-E2BIG), a newer kernel takes missing bytes as zero.
 *  - Reserved fields and unknown flags must be zero (-EINVAL).
 *  - Every command is both an ioctl and, under the same number as cmd_op, an
 *    IORING_OP_URING_CMD whose 16 command bytes are struct v2x_uring_cmd.
 */
#ifndef _UAPI_LINUX_V2X_H
#define _UAPI_LINUX_V2X_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define V2X_API_VERSION		1
#define V2X_NAME_LEN		32
#define V2X_UNIT_LEN		8
#define V2X_PHASES_MAX		3

/**
 * enum v2x_feature - bits of &struct v2x_info.features
 * @V2X_FEATURE_URING: commands may be submitted as IORING_OP_URING_CMD
 * @V2X_FEATURE_URING_CANCEL: a ring that is closed ends its parked waits;
 *	without it they end when the file is closed, or at their time-out
 * @V2X_FEATURE_RECORDER: trips freeze the waveforms around them
 * @V2X_FEATURE_PILOT: the stage has a control pilot (IEC 61851-1)
 * @V2X_FEATURE_INSULATION: the stage measures insulation resistance
 * @V2X_FEATURE_VIRTUAL: there is no hardware behind this device
 * @V2X_FEATURE_TRIP_HARDWARE: the gates have an inhibit that needs no code
 * @V2X_FEATURE_ISLAND_SWITCH: a switch between the utility and the local load
 *	can be parted, and the voltage on its far side is measured
 * @V2X_FEATURE_DC_BUS: the DC link is brought out as a DC bus, for loads and for
 *	other chargers, and can be filled from an empty output by the vehicle
 */
enum v2x_feature {
	V2X_FEATURE_URING		= 1 << 0,
	V2X_FEATURE_URING_CANCEL	= 1 << 1,
	V2X_FEATURE_RECORDER		= 1 << 2,
	V2X_FEATURE_PILOT		= 1 << 3,
	V2X_FEATURE_INSULATION		= 1 << 4,
	V2X_FEATURE_VIRTUAL		= 1 << 5,
	V2X_FEATURE_TRIP_HARDWARE	= 1 << 6,
	V2X_FEATURE_ISLAND_SWITCH	= 1 << 7,
	V2X_FEATURE_DC_BUS		= 1 << 8,
};

/**
 * enum v2x_state - sequencer states
 *
 * Power flows only in RUN, DC_RUN, RAMP_DOWN and at the end of BLACK_START. The
 * gates of the AC bridge switch only in RUN, RAMP_DOWN, BLACK_START and SYNC.
 */
enum v2x_state {
	V2X_STATE_IDLE		= 0, /* contactors open, gates off */
	V2X_STATE_SELF_TEST	= 1, /* sensor offsets, lines, weld check */
	V2X_STATE_INSULATION	= 2, /* DC output insulation measured */
	V2X_STATE_PRECHARGE	= 3, /* DC link charged through a resistor */
	V2X_STATE_CONTACTOR	= 4, /* grid contactor closing, proven */
	V2X_STATE_SYNC		= 5, /* gates on, link and output matched */
	V2X_STATE_RUN		= 6, /* follows the set-point */
	V2X_STATE_RAMP_DOWN	= 7, /* power to zero, then open */
	V2X_STATE_FAULT		= 8, /* gates off, open, latched until ack */
	V2X_STATE_BLACK_START	= 9, /* link from the vehicle, then a voltage */
	V2X_STATE_READY		= 10, /* waits for a permission, grid contactor open */
	V2X_STATE_DC_START	= 11, /* DC bus from the vehicle, or waited for */
	V2X_STATE_DC_RUN	= 12, /* power between DC bus and vehicle, no grid */
	V2X_STATE_COUNT
};

/**
 * enum v2x_reason - why a state was entered, a trip happened, power is held
 *
 * Numbers are never reused. 1..31: requests and leases, 32..63: protection
 * of the grid side, 64..95: the converter and its sensors, 96..127: the
 * vehicle side, 128..: the system.
 */
enum v2x_reason {
	V2X_REASON_NONE			= 0,
	V2X_REASON_REQUEST		= 1,  /* asked for by the claim holder */
	V2X_REASON_STEP_DONE		= 2,  /* the sequence went on */
	V2X_REASON_CLOSED		= 3,  /* claimed device was closed */
	V2X_REASON_LEASE		= 4,  /* no set-point within the lease */
	V2X_REASON_SETPOINT_EXPIRED	= 5,  /* valid_until_ns went by */
	V2X_REASON_ACK			= 6,  /* fault acknowledged */
	V2X_REASON_ESTOP		= 7,  /* emergency stop requested */

	V2X_REASON_GRID_OVER_VOLTAGE	= 32,
	V2X_REASON_GRID_UNDER_VOLTAGE	= 33,
	V2X_REASON_GRID_OVER_FREQUENCY	= 34,
	V2X_REASON_GRID_UNDER_FREQUENCY	= 35,
	V2X_REASON_GRID_PHASE_LOSS	= 36,
	V2X_REASON_GRID_PHASE_ORDER	= 37,
	V2X_REASON_GRID_ABSENT		= 38,
	V2X_REASON_SYNC_TIMEOUT		= 39,
	V2X_REASON_LOSS_OF_MAINS	= 40, /* islanded: the active method proved it */
	V2X_REASON_GRID_ROCOF		= 41, /* frequency moves too fast */
	V2X_REASON_GRID_VECTOR_SHIFT	= 42, /* the voltage's angle jumped */
	V2X_REASON_GRID_UNBALANCE	= 43, /* negative sequence */
	V2X_REASON_GRID_VOLTAGE_10MIN	= 44, /* mean over ten minutes too high */
	V2X_REASON_GRID_PRESENT		= 45, /* black start asked for, but there is a voltage */
	V2X_REASON_ISLAND_SWITCH_STUCK	= 46, /* it did not part, or not close */
	V2X_REASON_ISLAND_OVERLOAD	= 47, /* more load than can be carried, or a short */

	V2X_REASON_AC_OVER_CURRENT	= 64,
	V2X_REASON_DC_LINK_OVER_VOLTAGE	= 65,
	V2X_REASON_DC_LINK_UNDER_VOLTAGE = 66,
	V2X_REASON_GATE_DRIVER		= 67, /* fault line of a gate driver */
	V2X_REASON_OVER_TEMPERATURE	= 68,
	V2X_REASON_ADC_RANGE		= 69, /* outside what the sensor can say */
	V2X_REASON_ADC_STUCK		= 70, /* same code too long */
	V2X_REASON_CURRENT_SUM		= 71, /* phase currents do not add up */
	V2X_REASON_PRECHARGE_FAILED	= 72,
	V2X_REASON_GRID_CONTACTOR_WELDED = 73,
	V2X_REASON_GRID_CONTACTOR_STUCK_OPEN = 74,
	V2X_REASON_MISSED_TICKS		= 75, /* two in a row */
	V2X_REASON_SENSOR_OFFSET	= 76, /* too large at standstill */
	V2X_REASON_RESIDUAL_CURRENT	= 77, /* the monitor's own line */
	V2X_REASON_RESIDUAL_DC		= 78, /* direct residual current, uA */
	V2X_REASON_RESIDUAL_AC		= 79, /* alternating residual current, uA RMS */
	V2X_REASON_SENSOR_IMPLAUSIBLE	= 80, /* contradicts others; value: the channel */
	V2X_REASON_PRECHARGE_CONTACTOR_WELDED = 81,
	V2X_REASON_WRONG_DIRECTION	= 82, /* power against the set-point, mW */
	V2X_REASON_DC_BUS_OVERLOAD	= 83, /* more load than can be carried, or a short */
	V2X_REASON_DC_BUS_ABSENT	= 84, /* no voltage on it that could be used */

	V2X_REASON_EV_OVER_VOLTAGE	= 96,
	V2X_REASON_EV_UNDER_VOLTAGE	= 97,
	V2X_REASON_EV_OVER_CURRENT	= 98,
	V2X_REASON_EV_DISCONNECTED	= 99, /* pilot left C/D under load */
	V2X_REASON_PILOT_FAULT		= 100, /* short, no diode, undefined */
	V2X_REASON_INSULATION		= 101,
	V2X_REASON_EV_CONTACTOR_WELDED	= 102,
	V2X_REASON_EV_CONTACTOR_STUCK_OPEN = 103,
	V2X_REASON_EV_NOT_READY		= 104, /* start asked for without a vehicle */

	V2X_REASON_SHUTDOWN		= 128, /* reboot, power off, panic */
	V2X_REASON_SUSPEND		= 129,
	V2X_REASON_REMOVED		= 130, /* driver unbound */
	V2X_REASON_INTERNAL		= 131, /* a self-check of the code failed */
};

/**
 * enum v2x_pilot - control pilot state as measured (IEC 61851-1 table A.3)
 */
enum v2x_pilot {
	V2X_PILOT_NONE	= 0, /* the stage has no pilot */
	V2X_PILOT_A	= 1, /* no vehicle */
	V2X_PILOT_B	= 2, /* connected, not ready */
	V2X_PILOT_C	= 3, /* ready */
	V2X_PILOT_D	= 4, /* ready, ventilation required */
	V2X_PILOT_E	= 5, /* shorted, or no supply */
	V2X_PILOT_F	= 6, /* not available */
};

/*
 * Contactor bits, of commands and of the proven feedback. Closed, but for
 * ISLAND: that switch is closed at rest, its bit says that it is parted.
 */
#define V2X_CONTACTOR_PRECHARGE	(1U << 0)
#define V2X_CONTACTOR_GRID	(1U << 1)
#define V2X_CONTACTOR_EV	(1U << 2)
#define V2X_CONTACTOR_ISLAND	(1U << 3)

/* Fault line bits of &struct v2x_status.fault_lines. */
#define V2X_FAULT_GATE_A	(1U << 0)
#define V2X_FAULT_GATE_B	(1U << 1)
#define V2X_FAULT_GATE_C	(1U << 2)
#define V2X_FAULT_GATE_DCDC	(1U << 3)
#define V2X_FAULT_OVER_CURRENT	(1U << 4) /* comparator */
#define V2X_FAULT_DC_LINK	(1U << 5) /* comparator */
#define V2X_FAULT_RESIDUAL	(1U << 6) /* residual current monitor */
#define V2X_FAULT_ESTOP		(1U << 7) /* hard-wired emergency stop */
#define V2X_FAULT_LINES		8

/**
 * struct v2x_info - V2X_IOC_INFO: what this device is and can do
 * @size: size of this structure
 * @api_version: V2X_API_VERSION of the kernel
 * @features: bits of enum v2x_feature
 * @driver: name of the stage driver
 * @name: name of the charger (board or configfs directory)
 * @serial: serial number, empty if none
 * @phases: 1, 2 (split phase, two lines and neutral) or 3
 * @tick_hz: control rate
 * @f_nominal_mhz: 50000 or 60000
 * @v_nominal_mv: phase to neutral
 * @i_rated_ma: per phase
 * @s_rated_mva: apparent power
 * @p_import_max_mw: largest charging power
 * @p_export_max_mw: largest discharging power, as a positive number
 * @q_max_mvar: either way
 * @v_dc_link_nominal_mv: working voltage of the DC link
 * @v_dc_link_max_mv: trip level of the DC link
 * @v_ev_min_mv: lowest output voltage
 * @v_ev_max_mv: highest output voltage
 * @i_ev_max_ma: output current, either way
 * @adc_count: ADC channels, for V2X_IOC_CHANNEL
 * @pwm_count: PWM outputs
 * @fault_count: fault lines
 * @reserved0: zero
 * @status_offset: mmap offset of struct v2x_status (one page)
 * @status_len: bytes to map
 * @wave_offset: mmap offset of the waveform ring
 * @wave_len: bytes to map, header page included
 * @cycle_offset: mmap offset of the cycle ring
 * @cycle_len: bytes to map, header page included
 * @record_offset: mmap offset of the fault recorder
 * @record_len: bytes to map, header page included
 * @reserved: zero
 */
struct v2x_info {
	__u32 size;
	__u32 api_version;
	__u64 features;
	char driver[V2X_NAME_LEN];
	char name[V2X_NAME_LEN];
	char serial[V2X_NAME_LEN];
	__u32 phases;
	__u32 tick_hz;
	__u32 f_nominal_mhz;
	__u32 v_nominal_mv;
	__u32 i_rated_ma;
	__u32 s_rated_mva;
	__u32 p_import_max_mw;
	__u32 p_export_max_mw;
	__u32 q_max_mvar;
	__u32 v_dc_link_nominal_mv;
	__u32 v_dc_link_max_mv;
	__u32 v_ev_min_mv;
	__u32 v_ev_max_mv;
	__u32 i_ev_max_ma;
	__u32 adc_count;
	__u32 pwm_count;
	__u32 fault_count;
	__u32 reserved0;
	__u64 status_offset;
	__u64 status_len;
	__u64 wave_offset;
	__u64 wave_len;
	__u64 cycle_offset;
	__u64 cycle_len;
	__u64 record_offset;
	__u64 record_len;
	__u64 reserved[4];
};

/* Kinds of channel, for &struct v2x_channel.kind. */
#define V2X_CHANNEL_ADC		0
#define V2X_CHANNEL_PWM		1
#define V2X_CHANNEL_FAULT	2

/**
 * struct v2x_channel - V2X_IOC_CHANNEL: describe one channel
 * @size: size of this structure
 * @kind: in: V2X_CHANNEL_*
 * @index: in: 0 .. count - 1 of that kind (-ENOENT beyond)
 * @flags: out: zero
 * @name: out: "v_grid_a", "gate_b", ...
 * @unit: out: "V", "A", "K", "ohm", "1"
 * @scale_n: out: nano-units per count
 * @offset_n: out: nano-units at count zero; value = raw * scale + offset
 * @raw_min: out: lowest count the converter gives
 * @raw_max: out: highest count
 * @raw: out: the count at the last tick; a fault line is 0 or 1
 * @reserved0: zero
 * @reserved: zero
 */
struct v2x_channel {
	__u32 size;
	__u32 kind;
	__u32 index;
	__u32 flags;
	char name[V2X_NAME_LEN];
	char unit[V2X_UNIT_LEN];
	__s64 scale_n;
	__s64 offset_n;
	__s32 raw_min;
	__s32 raw_max;
	__s32 raw;
	__u32 reserved0;
	__u64 reserved[2];
};

#define V2X_LEASE_MIN_MS	20
#define V2X_LEASE_MAX_MS	10000

/**
 * struct v2x_claim - V2X_IOC_CLAIM: become the one supervisor
 * @size: size of this structure
 * @lease_ms: longest time between two set-points,
 *	V2X_LEASE_MIN_MS .. V2X_LEASE_MAX_MS, else -ERANGE; typical 1000
 * @reserved: zero
 *
 * Needs a file opened for writing (-EBADF). -EBUSY while another file holds
 * the claim, -ESHUTDOWN while the machine suspends or shuts down. The holder
 * may claim again, to change the lease. A new claim does not start anything
 * and does not clear a fault; the lease begins to run with the first
 * V2X_REQUEST_START. Closing the file or V2X_IOC_RELEASE ramps down and opens.
 */
struct v2x_claim {
	__u32 size;
	__u32 lease_ms;
	__u64 reserved[2];
};

/* &struct v2x_setpoint.ramp_mw_per_s: as fast as the stage allows. */
#define V2X_RAMP_FASTEST	0xffffffffU

/*
 * &struct v2x_setpoint.flags: form the voltage instead of following it. In
 * V2X_STATE_RUN the bridge becomes a voltage source with droop: 1 % of the
 * frequency at rated power, 5 % of the voltage at rated reactive power, from
 * the set-point. It goes on when the grid is lost, so on a grid, that is without
 * V2X_SETPOINT_ISLAND, it is -EINVAL while the protection table has loss-of-mains
 * detection: none sees a grid go whose voltage is formed.
 */
#define V2X_SETPOINT_FORM	(1U << 0)

/*
 * Likewise: when the grid is lost or out of range, part the island switch and
 * go on forming the voltage for the load on this side of it; when the grid is
 * back, turn to its angle, close and follow. Without the flag a lost grid is a
 * trip. Together with V2X_SETPOINT_FORM: an island that is wanted, made at once
 * and kept. -EINVAL without V2X_FEATURE_ISLAND_SWITCH.
 */
#define V2X_SETPOINT_ISLAND	(1U << 1)

/*
 * Likewise: form as V2X_SETPOINT_FORM does, but as a synchronous machine would:
 * the frequency has inertia and damping of its own, &struct v2x_forming.
 */
#define V2X_SETPOINT_VSM	(1U << 2)

/*
 * Wait for a permission: V2X_REQUEST_START comes to V2X_STATE_READY, where the link
 * is held from the vehicle and nothing is connected to the grid. Without the flag
 * it closes the grid contactor and is in RUN within 100 ms. A stage without
 * V2X_FEATURE_ISLAND_SWITCH, which cannot fill its link from the vehicle, waits there
 * with all contactors open and goes on with V2X_STATE_PRECHARGE. Once in RUN, or on
 * the way there, the flag does nothing: V2X_REQUEST_STOP does.
 */
#define V2X_SETPOINT_WAIT	(1U << 3)

/*
 * V2X_REQUEST_START comes to V2X_STATE_DC_RUN, without any grid: power goes between
 * the DC bus and the vehicle. The contactors to the grid stay open and the AC bridge
 * stays off, whatever there is at the terminals. With V2X_SETPOINT_FORM the charger
 * holds the voltage of the bus with droop (&struct v2x_forming.dc_v_mv), and
 * @p_mw is what it takes or gives besides; without, it takes @p_mw from a bus
 * that others hold. In either case @p_mw is at the vehicle, positive into it, and
 * @q_mvar must be zero. The flag counts when V2X_REQUEST_START comes and does nothing
 * later; V2X_SETPOINT_FORM beside it may come and go. -EINVAL without
 * V2X_FEATURE_DC_BUS, and together with ISLAND, VSM or WAIT.
 */
#define V2X_SETPOINT_DC		(1U << 4)

/**
 * struct v2x_setpoint - V2X_IOC_SETPOINT: power asked for; renews the lease
 * @size: size of this structure
 * @flags: V2X_SETPOINT_* or zero
 * @p_mw: active power at the grid terminals, import positive
 * @q_mvar: reactive power
 * @ramp_mw_per_s: slope towards it (also of Q, in mvar/s), at least 1
 * @cause: free for the caller; comes back in events and status ("who asked")
 * @valid_until_ns: CLOCK_MONOTONIC time after which power ramps to zero with
 *	V2X_REASON_SETPOINT_EXPIRED; 0: as long as the lease
 * @reserved: zero
 *
 * -EPERM without the claim, -ERANGE beyond the ratings, -ETIME if
 * @valid_until_ns is in the past. A set-point may be given in any state; it
 * is followed in V2X_STATE_RUN and V2X_STATE_DC_RUN, within the limits in force.
 */
struct v2x_setpoint {
	__u32 size;
	__u32 flags;
	__s32 p_mw;
	__s32 q_mvar;
	__u32 ramp_mw_per_s;
	__u32 cause;
	__u64 valid_until_ns;
	__u64 reserved[2];
};

/**
 * struct v2x_limits - V2X_IOC_SET_LIMITS, V2X_IOC_GET_LIMITS
 * @size: size of this structure
 * @flags: zero
 * @p_import_max_mw: most charging power; 0: none
 * @p_export_max_mw: most discharging power, as a positive number; 0: none
 * @q_max_mvar: either way
 * @i_max_ma: phase current
 * @i_ev_charge_max_ma: current into the vehicle
 * @i_ev_discharge_max_ma: current out of the vehicle
 * @v_ev_min_mv: no discharge below
 * @v_ev_max_mv: no charge above
 * @reserved: zero
 *
 * Setting needs the claim; -ERANGE, naming nothing changed, when a value is
 * beyond the ratings or v_ev_min_mv >= v_ev_max_mv. Taken whole at a tick
 * boundary. Limits hold on all later set-points and on the present one.
 */
struct v2x_limits {
	__u32 size;
	__u32 flags;
	__u32 p_import_max_mw;
	__u32 p_export_max_mw;
	__u32 q_max_mvar;
	__u32 i_max_ma;
	__u32 i_ev_charge_max_ma;
	__u32 i_ev_discharge_max_ma;
	__u32 v_ev_min_mv;
	__u32 v_ev_max_mv;
	__u64 reserved[2];
};

/**
 * struct v2x_protection - V2X_IOC_SET_PROTECTION, V2X_IOC_GET_PROTECTION
 * @size: size of this structure
 * @flags: zero
 * @v_over_mv: phase voltage, one-cycle RMS, any phase
 * @v_over_ms: time outside before the trip: no less, and at most two cycles
 *	more; 0: at once
 * @v_under_mv: likewise, below
 * @v_under_ms: likewise
 * @f_over_mhz: frequency
 * @f_over_ms: likewise
 * @f_under_mhz: likewise, below
 * @f_under_ms: likewise
 * @i_trip_ma: instantaneous phase current, peak
 * @v_dc_link_over_mv: instantaneous
 * @v_dc_link_under_mv: instantaneous, while the gates switch
 * @i_ev_trip_ma: instantaneous, either way
 * @r_iso_min_ohm: insulation resistance needed to start
 * @temp_trip_mc: heat sink temperature
 * @temp_derate_mc: heat sink temperature from which power falls in a straight
 *	line to none at the trip, at most 1 K below it; 0: 15 K below it
 * @residual_dc_ma: rated direct residual current, 1 .. 6; trips at 3/4 of it
 *	within the times of IEC 62955; 0: 6
 * @residual_ac_ma: rated alternating residual current, 1 .. 30; trips at 3/4
 *	of it within the times of IEC 61008-1; 0: 30
 * @reserved0: zero
 * @reserved: zero
 *
 * Needs the claim; refused whole with -ERANGE if a value contradicts another
 * or the ratings. It stays in force when the supervisor dies. The limits of
 * voltage and frequency are the stages of the default protection table; while
 * another one was loaded with V2X_IOC_SET_PROT_TABLE they have no effect. A
 * time shorter than can be measured (two cycles) counts as the shortest.
 */
struct v2x_protection {
	__u32 size;
	__u32 flags;
	__u32 v_over_mv;
	__u32 v_over_ms;
	__u32 v_under_mv;
	__u32 v_under_ms;
	__u32 f_over_mhz;
	__u32 f_over_ms;
	__u32 f_under_mhz;
	__u32 f_under_ms;
	__u32 i_trip_ma;
	__u32 v_dc_link_over_mv;
	__u32 v_dc_link_under_mv;
	__u32 i_ev_trip_ma;
	__u32 r_iso_min_ohm;
	__s32 temp_trip_mc;
	__s32 temp_derate_mc;
	__u32 residual_dc_ma;
	__u32 residual_ac_ma;
	__u32 reserved0;
	__u64 reserved[2];
};

/**
 * struct v2x_forming - V2X_IOC_SET_FORMING, V2X_IOC_GET_FORMING
 * @size: size of this structure
 * @flags: zero
 * @v_mv: voltage without reactive power, phase to neutral; nominal +-10 %
 * @f_mhz: frequency without power; nominal +-1 Hz
 * @p_droop_permille: frequency at rated power, of the nominal; 0 .. 50
 * @q_droop_permille: voltage at rated reactive power, likewise; 0 .. 100
 * @leave_low_permille: island allowed: below this voltage, instantaneous
 *	magnitude, the utility is left; 500 .. 950
 * @leave_high_permille: likewise, above; 1100 .. 1350
 * @leave_ms: time below it, 1 .. 20; above it is two samples
 * @join_low_permille: utility voltage to go back to; 800 .. 1000
 * @join_high_permille: likewise; 1000 .. 1150
 * @join_f_low_mhz: its frequency; nominal -3 Hz .. nominal
 * @join_f_high_mhz: likewise; nominal .. nominal +3 Hz
 * @join_wait_ms: time it was within these; 100 .. 600000
 * @join_v_permille: voltage difference to close at; 10 .. 100
 * @join_df_mhz: frequency difference; 10 .. 300
 * @join_angle_mdeg: angle difference; 500 .. 20000
 * @ramp_ms: black start and DC bus: time from no voltage to all of it; 50 .. 60000
 * @inertia_ms: V2X_SETPOINT_VSM: inertia constant H; 100 .. 20000
 * @damping: V2X_SETPOINT_VSM: power for a difference of its own frequency and
 *	that at the terminals, per unit; 0 .. 1000
 * @r_virtual_permille: resistance that the voltage is formed behind, of the
 *	rated one; 0 .. 300
 * @x_virtual_permille: reactance, likewise; 0 .. 300
 * @dc_v_mv: V2X_SETPOINT_DC: voltage of the bus without power, of the link's
 *	nominal 90 % .. 105 %; 0: the nominal
 * @dc_droop_permille: what it falls by at rated power; 20 .. 50, on a stage of
 *	little link capacitance more; 0: the least
 * @reserved: zero
 *
 * How a voltage is formed and an island left (V2X_SETPOINT_FORM,
 * V2X_SETPOINT_ISLAND, V2X_SETPOINT_DC). Setting needs the claim; refused whole,
 * -ERANGE, when a value is out of its range. The limits of the last three of join_*
 * are those of IEEE 1547-2018 table 5 up to 500 kVA. Stays in force when the
 * supervisor dies.
 */
struct v2x_forming {
	__u32 size;
	__u32 flags;
	__u32 v_mv;
	__u32 f_mhz;
	__u32 p_droop_permille;
	__u32 q_droop_permille;
	__u32 leave_low_permille;
	__u32 leave_high_permille;
	__u32 leave_ms;
	__u32 join_low_permille;
	__u32 join_high_permille;
	__u32 join_f_low_mhz;
	__u32 join_f_high_mhz;
	__u32 join_wait_ms;
	__u32 join_v_permille;
	__u32 join_df_mhz;
	__u32 join_angle_mdeg;
	__u32 ramp_ms;
	__u32 inertia_ms;
	__u32 damping;
	__u32 r_virtual_permille;
	__u32 x_virtual_permille;
	__u32 dc_v_mv;
	__u32 dc_droop_permille;
	__u32 reserved[2];
};

/* Entries a protection table has room for. */
#define V2X_PROT_ENTRIES	32
/* &struct v2x_prot_table.refused: no entry is to blame, but the whole. */
#define V2X_PROT_NO_ENTRY	0xffffffffU

/**
 * enum v2x_prot_quantity - what a stage watches, &struct v2x_prot_entry.quantity
 * @V2X_PROT_NONE: not a stage; refused
 * @V2X_PROT_V_PHASE: phase to neutral, RMS over one cycle, judged twice a
 *	cycle; over: the highest phase, under: the lowest; mV
 * @V2X_PROT_V_PHASE_HALF: likewise, RMS over half a cycle
 * @V2X_PROT_V_LINE: phase to phase, RMS of the fundamental; mV
 * @V2X_PROT_V_POSITIVE: positive sequence of the fundamental, phase to
 *	neutral; mV
 * @V2X_PROT_V_NEGATIVE: negative sequence of the fundamental; over only; mV
 * @V2X_PROT_V_10MIN: phase to neutral, RMS over the last ten minutes, renewed
 *	every 3 s, the highest phase; over only; mV
 * @V2X_PROT_V_PEAK: any sample of any phase to neutral; over only, one entry,
 *	action trip; while the gates switch; mV
 * @V2X_PROT_F: frequency over one cycle, or over window_ms; not judged below
 *	0.15 of the nominal voltage; mHz
 * @V2X_PROT_ROCOF: change of frequency over window_ms, either sign; over
 *	only; mHz/s
 * @V2X_PROT_VECTOR_SHIFT: jump of the voltage's angle, either sign; over only,
 *	time_ms 0, action trip; thousandths of a degree
 */
enum v2x_prot_quantity {
	V2X_PROT_NONE		= 0,
	V2X_PROT_V_PHASE	= 1,
	V2X_PROT_V_PHASE_HALF	= 2,
	V2X_PROT_V_LINE		= 3,
	V2X_PROT_V_POSITIVE	= 4,
	V2X_PROT_V_NEGATIVE	= 5,
	V2X_PROT_V_10MIN	= 6,
	V2X_PROT_V_PEAK		= 7,
	V2X_PROT_F		= 8,
	V2X_PROT_ROCOF		= 9,
	V2X_PROT_VECTOR_SHIFT	= 10,
	V2X_PROT_QUANTITIES
};

/* &struct v2x_prot_entry.side: which side of the threshold is bad. */
#define V2X_PROT_OVER		1
#define V2X_PROT_UNDER		2

/**
 * enum v2x_prot_action - what a stage does, &struct v2x_prot_entry.action
 * @V2X_PROT_TRIP: gates off and contactors open, latched
 * @V2X_PROT_CEASE: momentary cessation: gates off, contactors stay; power
 *	comes back by itself when the quantity was back for return_ms
 * @V2X_PROT_RIDE: mandatory operation: for time_ms nothing of this table may
 *	trip or cease for this quantity up to this threshold; a table that
 *	would is refused
 */
enum v2x_prot_action {
	V2X_PROT_TRIP	= 1,
	V2X_PROT_CEASE	= 2,
	V2X_PROT_RIDE	= 3,
};

/**
 * enum v2x_prot_why - why a table was refused, &struct v2x_prot_table.why
 * @V2X_PROT_FINE: it was not
 * @V2X_PROT_BAD_FIELD: unknown quantity, side or action, or one that the
 *	quantity does not have; reserved field not zero; too many entries
 * @V2X_PROT_BAD_THRESHOLD: on the wrong side of the nominal value, beyond
 *	what is measured, or beyond the ratings
 * @V2X_PROT_BAD_TIME: shorter than the quantity can be measured in, or longer
 *	than an hour
 * @V2X_PROT_BAD_WINDOW: shorter or longer than can be measured, or given for
 *	a quantity without one
 * @V2X_PROT_TWICE: the same quantity, side, action, threshold or time as an
 *	earlier entry
 * @V2X_PROT_NEVER: another stage of the same quantity acts before it always
 * @V2X_PROT_CUTS_RIDE: trips or ceases where a ride-through entry forbids it
 * @V2X_PROT_NO_TRIP: no stage trips on over- or under-voltage, or over- or
 *	under-frequency; the whole table
 * @V2X_PROT_BAD_SETTING: a setting outside of the entries
 */
enum v2x_prot_why {
	V2X_PROT_FINE		= 0,
	V2X_PROT_BAD_FIELD	= 1,
	V2X_PROT_BAD_THRESHOLD	= 2,
	V2X_PROT_BAD_TIME	= 3,
	V2X_PROT_BAD_WINDOW	= 4,
	V2X_PROT_TWICE		= 5,
	V2X_PROT_NEVER		= 6,
	V2X_PROT_CUTS_RIDE	= 7,
	V2X_PROT_NO_TRIP	= 8,
	V2X_PROT_BAD_SETTING	= 9,
};

/**
 * struct v2x_prot_entry - one stage of a protection table
 * @quantity: enum v2x_prot_quantity
 * @side: V2X_PROT_OVER or V2X_PROT_UNDER
 * @action: enum v2x_prot_action
 * @reserved: zero
 * @threshold: in the unit of the quantity
 * @time_ms: clearing time: from the moment the quantity passes the threshold
 *	until the gates are off, kept within one mains cycle; 0 with action cease:
 *	as soon as the quantity shows it
 * @window_ms: of V2X_PROT_F (0: one cycle) and V2X_PROT_ROCOF; else zero
 */
struct v2x_prot_entry {
	__u8 quantity;
	__u8 side;
	__u8 action;
	__u8 reserved;
	__s32 threshold;
	__u32 time_ms;
	__u32 window_ms;
};

/**
 * struct v2x_prot_table - V2X_IOC_SET_PROT_TABLE, V2X_IOC_GET_PROT_TABLE
 * @size: size of this structure
 * @flags: zero
 * @version: the caller's, comes back
 * @count: entries used; zero, with all else zero, puts the stage's default
 *	table back, which follows &struct v2x_protection
 * @name: the caller's, comes back; "default" for the default table
 * @hash: out: FNV-1a (64 bit) of name, version, settings and entries; in: zero
 * @refused: out, on -EINVAL and -ERANGE: index of the entry to blame, or
 *	V2X_PROT_NO_ENTRY; in: zero
 * @why: out: enum v2x_prot_why; in: zero
 * @return_ms: after momentary cessation: time back in range before the gates
 *	switch again, 0 .. 600000
 * @recover_ms: time from zero to rated power after it, 10 .. 600000; 0: 200
 * @k_permille: dynamic reactive current: per unit of rated current for a per
 *	unit of positive-sequence voltage beyond the dead band, 0 .. 10000
 * @k_band_permille: dead band either side of the nominal voltage, 0 .. 500
 * @lom_gain_permille: active loss-of-mains detection: reactive power, in
 *	thousandths of the rating, for a hertz off the slow mean; 0: off;
 *	at most 500
 * @lom_q_permille: most reactive power it uses, 0 .. 200
 * @q_first_permille: reactive power up to this share of the rating goes before
 *	active power when the current or the apparent power is at its limit;
 *	0: active power first; at most 1000
 * @k_jump_permille: share of the dead band that counts, too, once the voltage has
 *	left it; 1000: support for all of the deviation; at most 1000
 * @reserved: zero
 * @entry: the stages
 *
 * Setting needs the claim. Taken whole at a tick boundary or refused whole
 * (-EINVAL malformed, -ERANGE contradictory or beyond what the stage can
 * measure and bear), with @refused and @why filled in. The table stays in
 * force when the supervisor dies; closing the claim does not change it.
 */
struct v2x_prot_table {
	__u32 size;
	__u32 flags;
	__u32 version;
	__u32 count;
	char name[V2X_NAME_LEN];
	__u64 hash;
	__u32 refused;
	__u32 why;
	__u32 return_ms;
	__u32 recover_ms;
	__u32 k_permille;
	__u32 k_band_permille;
	__u32 lom_gain_permille;
	__u32 lom_q_permille;
	__u32 q_first_permille;
	__u32 k_jump_permille;
	__u64 reserved[3];
	struct v2x_prot_entry entry[V2X_PROT_ENTRIES];
};

/**
 * struct v2x_tuning - V2X_IOC_GET_TUNING, V2X_IOC_SET_TUNING: one parameter
 * @size: size of this structure
 * @flags: zero
 * @index: which, from 0
 * @count: answered: how many there are
 * @value: to be set; answered: in force
 * @min: answered: smallest
 * @max: answered: largest
 * @initial: answered: default, derived from the stage
 * @name: answered
 * @unit: answered
 * @reserved: zero
 *
 * Parameters of the control, to be changed at any time, at power too: the
 * gains that follow are taken whole at a tick boundary, and no output jumps.
 * Any file open for writing may, so that an engineer can while the supervisor
 * holds the claim. -ERANGE outside @min .. @max, -EINVAL without such an @index,
 * and then nothing is changed. In force until changed again or the device goes.
 */
struct v2x_tuning {
	__u32 size;
	__u32 flags;
	__u32 index;
	__u32 count;
	__s32 value;
	__s32 min;
	__s32 max;
	__s32 initial;
	char name[32];
	char unit[16];
	__u64 reserved[2];
};

/**
 * enum v2x_island - what is done about an island, in V2X_EVENT_ISLAND
 * @V2X_ISLAND_NONE: on the grid
 * @V2X_ISLAND_PARTING: the island switch was told to part; the bridge forms
 * @V2X_ISLAND_ALONE: the bridge forms the voltage of the island
 * @V2X_ISLAND_MATCHING: the utility is back; angle and voltage go to its own
 * @V2X_ISLAND_JOINING: the island switch was told to close
 */
enum v2x_island {
	V2X_ISLAND_NONE		= 0,
	V2X_ISLAND_PARTING	= 1,
	V2X_ISLAND_ALONE	= 2,
	V2X_ISLAND_MATCHING	= 3,
	V2X_ISLAND_JOINING	= 4,
};

/* What V2X_IOC_REQUEST can ask for. All need the claim but ESTOP. */
#define V2X_REQUEST_START	1 /* run the sequence up to RUN; -EBUSY unless IDLE */
#define V2X_REQUEST_STOP	2 /* ramp down and open; harmless when stopped */
#define V2X_REQUEST_ACK		3 /* clear a latched fault; -EBUSY while it stands; 0 if none */
#define V2X_REQUEST_ESTOP	4 /* gates off and open now, latched; any writer */
/*
 * Make a voltage where there is none: parts the island switch and raises the
 * voltage from the vehicle, up to RUN. -EBUSY unless IDLE, -EOPNOTSUPP without
 * V2X_FEATURE_ISLAND_SWITCH, -EINVAL without V2X_SETPOINT_ISLAND in the
 * set-point. Back in IDLE with V2X_REASON_GRID_PRESENT if there is a voltage.
 */
#define V2X_REQUEST_BLACK_START	5

/**
 * struct v2x_request - V2X_IOC_REQUEST
 * @size: size of this structure
 * @request: V2X_REQUEST_*
 * @cause: free for the caller; comes back in the state event
 * @reserved0: zero
 * @reserved: zero
 */
struct v2x_request {
	__u32 size;
	__u32 request;
	__u32 cause;
	__u32 reserved0;
	__u64 reserved[2];
};

#define V2X_PILOT_DUTY_OFF	0	/* steady -12 V, state F */
#define V2X_PILOT_DUTY_STEADY	1000	/* steady +12 V, state x1 */
#define V2X_PILOT_DUTY_MIN	30	/* of a pulsed pilot */
#define V2X_PILOT_DUTY_MAX	970

/**
 * struct v2x_pilot_cmd - V2X_IOC_PILOT: control pilot duty
 * @size: size of this structure
 * @duty_permille: V2X_PILOT_DUTY_OFF, V2X_PILOT_DUTY_STEADY or
 *	V2X_PILOT_DUTY_MIN .. V2X_PILOT_DUTY_MAX, else -EINVAL
 *	(50: digital communication; IEC 61851-1 table A.7)
 * @reserved: zero
 *
 * Needs the claim; -EOPNOTSUPP without V2X_FEATURE_PILOT.
 */
struct v2x_pilot_cmd {
	__u32 size;
	__u32 duty_permille;
	__u64 reserved[2];
};

#define V2X_WAIT_MAX_MS		10000

/* &struct v2x_wait.flags: the next cycle or event to come; @after must be 0. */
#define V2X_WAIT_NEXT		(1U << 0)

/**
 * struct v2x_wait - V2X_IOC_WAIT_CYCLE, V2X_IOC_WAIT_EVENT
 * @size: size of this structure
 * @timeout_ms: 1 .. V2X_WAIT_MAX_MS
 * @after: WAIT_CYCLE: return when a cycle record with a greater sequence
 *	number exists; WAIT_EVENT: when an event with a greater one exists
 * @flags: V2X_WAIT_NEXT or zero
 * @reserved0: zero
 * @tag: free for the caller; names the wait to V2X_IOC_CANCEL
 * @reserved: zero
 *
 * As ioctl: sleeps, interruptible (-EINTR). As uring command: completes
 * later. Result 0 when it is there, -ETIME after the time-out, -ENODEV when
 * the device goes, -ECANCELED after V2X_IOC_CANCEL or close(), -EBUSY when
 * the file has too many waits already. Nothing is written back: the data is
 * in the mapped ring, or comes with read().
 */
struct v2x_wait {
	__u32 size;
	__u32 timeout_ms;
	__u64 after;
	__u32 flags;
	__u32 reserved0;
	__u64 tag;
	__u64 reserved;
};

/* &struct v2x_cancel.flags: all waits of this file, whatever their tag. */
#define V2X_CANCEL_ALL		(1U << 0)

/**
 * struct v2x_cancel - V2X_IOC_CANCEL: end waits early, with -ECANCELED
 * @size: size of this structure
 * @flags: V2X_CANCEL_ALL or zero
 * @tag: of the waits to end; zero with V2X_CANCEL_ALL
 * @reserved: zero
 *
 * Of this file only, whether they came as ioctl or as uring command. -ENOENT
 * when there is none. (IORING_OP_ASYNC_CANCEL does not reach commands of a
 * driver, hence this.)
 */
struct v2x_cancel {
	__u32 size;
	__u32 flags;
	__u64 tag;
	__u64 reserved[2];
};

/* The 16 command bytes of an IORING_OP_URING_CMD; cmd_op is the ioctl. */
struct v2x_uring_cmd {
	__u64 addr;	/* of the structure the ioctl would take, or 0 */
	__u32 len;	/* its size; must equal its size field and _IOC_SIZE */
	__u32 reserved;	/* zero */
};

#define V2X_IOC_MAGIC		0xbd
#define V2X_IOC_INFO		_IOWR(V2X_IOC_MAGIC, 0x00, struct v2x_info)
#define V2X_IOC_CHANNEL		_IOWR(V2X_IOC_MAGIC, 0x01, struct v2x_channel)
#define V2X_IOC_CLAIM		_IOW(V2X_IOC_MAGIC, 0x02, struct v2x_claim)
#define V2X_IOC_RELEASE		_IO(V2X_IOC_MAGIC, 0x03)
#define V2X_IOC_SETPOINT	_IOW(V2X_IOC_MAGIC, 0x04, struct v2x_setpoint)
#define V2X_IOC_SET_LIMITS	_IOW(V2X_IOC_MAGIC, 0x05, struct v2x_limits)
#define V2X_IOC_GET_LIMITS	_IOWR(V2X_IOC_MAGIC, 0x06, struct v2x_limits)
#define V2X_IOC_SET_PROTECTION	_IOW(V2X_IOC_MAGIC, 0x07, struct v2x_protection)
#define V2X_IOC_GET_PROTECTION	_IOWR(V2X_IOC_MAGIC, 0x08, struct v2x_protection)
#define V2X_IOC_REQUEST		_IOW(V2X_IOC_MAGIC, 0x09, struct v2x_request)
#define V2X_IOC_PILOT		_IOW(V2X_IOC_MAGIC, 0x0a, struct v2x_pilot_cmd)
#define V2X_IOC_WAIT_CYCLE	_IOW(V2X_IOC_MAGIC, 0x0b, struct v2x_wait)
#define V2X_IOC_WAIT_EVENT	_IOW(V2X_IOC_MAGIC, 0x0c, struct v2x_wait)
#define V2X_IOC_RECORDER_ARM	_IO(V2X_IOC_MAGIC, 0x0d) /* any writer */
#define V2X_IOC_CANCEL		_IOW(V2X_IOC_MAGIC, 0x0e, struct v2x_cancel)
#define V2X_IOC_SET_PROT_TABLE	_IOWR(V2X_IOC_MAGIC, 0x0f, struct v2x_prot_table)
#define V2X_IOC_GET_PROT_TABLE	_IOWR(V2X_IOC_MAGIC, 0x10, struct v2x_prot_table)
#define V2X_IOC_SET_FORMING	_IOW(V2X_IOC_MAGIC, 0x11, struct v2x_forming)
#define V2X_IOC_GET_FORMING	_IOWR(V2X_IOC_MAGIC, 0x12, struct v2x_forming)
#define V2X_IOC_SET_TUNING	_IOWR(V2X_IOC_MAGIC, 0x13, struct v2x_tuning)
#define V2X_IOC_GET_TUNING	_IOWR(V2X_IOC_MAGIC, 0x14, struct v2x_tuning)

/* Histogram of tick start error and duration: bin n counts [2^n, 2^(n+1)) ns. */
#define V2X_HIST_BINS		24

/**
 * enum v2x_mode - what the charger does with a voltage, &struct v2x_status.mode
 * @V2X_MODE_NONE: the gates of its AC bridge are off, and there is no DC bus
 * @V2X_MODE_FOLLOW: it gives the grid's voltage a current
 * @V2X_MODE_FORM: on the grid, a voltage with droop
 * @V2X_MODE_VSM: on the grid, as a synchronous machine
 * @V2X_MODE_FORM_ISLAND: it is the voltage of an island, with droop; from the moment
 *	the island switch was told to part until it has closed
 * @V2X_MODE_VSM_ISLAND: likewise, as a synchronous machine
 * @V2X_MODE_DC_FOLLOW: no grid; it takes from a DC bus that others hold
 * @V2X_MODE_DC_FORM: no grid; it holds the voltage of the DC bus, with droop
 */
enum v2x_mode {
	V2X_MODE_NONE		= 0,
	V2X_MODE_FOLLOW		= 1,
	V2X_MODE_FORM		= 2,
	V2X_MODE_VSM		= 3,
	V2X_MODE_FORM_ISLAND	= 4,
	V2X_MODE_VSM_ISLAND	= 5,
	V2X_MODE_DC_FOLLOW	= 6,
	V2X_MODE_DC_FORM	= 7,
};

/**
 * struct v2x_status - the mapped status page, one snapshot a tick
 *
 * @seq is odd while the kernel writes. Read it (acquire), copy, read it
 * again; retry when it was odd or has changed. liburing users: libv2x has
 * v2x_status_read().
 *
 * @size: size of this structure
 * @seq: sequence lock
 * @tick: control ticks since the stage started
 * @t_ns: time of that tick
 * @state: enum v2x_state
 * @reason: enum v2x_reason of the last transition
 * @fault: enum v2x_reason that is latched, or 0
 * @fault_lines: V2X_FAULT_* as they are now
 * @pilot: enum v2x_pilot
 * @pilot_duty_permille: as commanded
 * @contactors_cmd: V2X_CONTACTOR_* asked for
 * @contactors: V2X_CONTACTOR_* proven by feedback
 * @limited_by: enum v2x_reason-like bits: V2X_LIMITED_*
 * @claimed: 1 while somebody holds the claim
 * @lease_left_ms: until the lease runs out, 0 if none runs
 * @cause: of the set-point in force
 * @p_sp_mw: set-point as given
 * @q_sp_mvar: likewise
 * @p_ref_mw: after limits and ramp
 * @q_ref_mvar: likewise
 * @p_mw: measured at the grid terminals over the last cycle
 * @q_mvar: likewise
 * @s_mva: likewise
 * @f_mhz: measured
 * @v_mv: phase voltages, RMS of the last cycle
 * @i_ma: phase currents, RMS
 * @v_dc_link_mv: instantaneous
 * @v_ev_mv: output voltage
 * @i_ev_ma: output current, charging positive
 * @r_iso_ohm: insulation resistance, 0 if not measured
 * @temp_mc: heat sink
 * @mode: enum v2x_mode
 * @e_import_mj: energy from the grid since the stage started
 * @e_export_mj: energy to the grid
 * @cycle_seq: records ever written to the cycle ring
 * @event_seq: events ever raised
 * @record_seq: fault records ever frozen
 * @ticks_missed: ticks that did not run in their period
 * @start_worst_ns: greatest delay of a tick's start
 * @duration_worst_ns: longest tick
 * @fault_to_inhibit_worst_ns: fault edge to gates inhibited; start of the tick, for a
 *	fault that the tick finds
 * @start_hist: histogram of start errors
 * @duration_hist: histogram of durations
 * @duration_sum_ns: of all ticks, for the mean
 */
struct v2x_status {
	__u32 size;
	__u32 seq;
	__u64 tick;
	__u64 t_ns;
	__u32 state;
	__u32 reason;
	__u32 fault;
	__u32 fault_lines;
	__u32 pilot;
	__u32 pilot_duty_permille;
	__u32 contactors_cmd;
	__u32 contactors;
	__u32 limited_by;
	__u32 claimed;
	__u32 lease_left_ms;
	__u32 cause;
	__s32 p_sp_mw;
	__s32 q_sp_mvar;
	__s32 p_ref_mw;
	__s32 q_ref_mvar;
	__s32 p_mw;
	__s32 q_mvar;
	__s32 s_mva;
	__s32 f_mhz;
	__s32 v_mv[V2X_PHASES_MAX];
	__s32 i_ma[V2X_PHASES_MAX];
	__s32 v_dc_link_mv;
	__s32 v_ev_mv;
	__s32 i_ev_ma;
	__s32 r_iso_ohm;
	__s32 temp_mc;
	__u32 mode;
	__s64 e_import_mj;
	__s64 e_export_mj;
	__u64 cycle_seq;
	__u64 event_seq;
	__u64 record_seq;
	__u64 ticks_missed;
	__u64 start_worst_ns;
	__u64 duration_worst_ns;
	__u64 fault_to_inhibit_worst_ns;
	__u64 start_hist[V2X_HIST_BINS];
	__u64 duration_hist[V2X_HIST_BINS];
	__u64 duration_sum_ns;
};

/* What holds power below the set-point, &struct v2x_status.limited_by. */
#define V2X_LIMITED_RATING	(1U << 0)
#define V2X_LIMITED_P_IMPORT	(1U << 1)
#define V2X_LIMITED_P_EXPORT	(1U << 2)
#define V2X_LIMITED_Q		(1U << 3)
#define V2X_LIMITED_I_AC	(1U << 4)
#define V2X_LIMITED_I_EV	(1U << 5)
#define V2X_LIMITED_V_EV	(1U << 6)
#define V2X_LIMITED_TEMPERATURE	(1U << 7)
#define V2X_LIMITED_RAMP	(1U << 8)
#define V2X_LIMITED_LEASE	(1U << 9)
#define V2X_LIMITED_EXPIRED	(1U << 10)
#define V2X_LIMITED_DC_LINK	(1U << 11)
#define V2X_LIMITED_CEASED	(1U << 12) /* momentary cessation */
#define V2X_LIMITED_SUPPORT	(1U << 13) /* dynamic reactive current */

#define V2X_RING_MAGIC		0x32583256U /* "V2X2" */

/**
 * struct v2x_ring - first page of the waveform ring, cycle ring and recorder
 * @magic: V2X_RING_MAGIC
 * @entry_size: bytes a record
 * @entries: number of records, a power of two for the rings
 * @data_offset: bytes from this header to record 0
 * @head: records ever written (store release). Record n is at index
 *	n % entries and is whole while n >= head - entries + 1 *after* it
 *	was copied; otherwise the reader was overrun.
 * @trigger: recorder: number of the record at the trip
 * @reason: recorder: enum v2x_reason of the trip
 * @busy: recorder: 1 while it fills or is empty
 * @t_ns: recorder: time of the trip
 * @reserved: zero
 */
struct v2x_ring {
	__u32 magic;
	__u32 entry_size;
	__u32 entries;
	__u32 data_offset;
	__u64 head;
	__u64 trigger;
	__u32 reason;
	__u32 busy;
	__u64 t_ns;
	__u64 reserved[2];
};

/**
 * struct v2x_sample - one record a tick of the waveform ring
 * @tick: tick number
 * @v_mv: instantaneous phase voltages
 * @i_ma: instantaneous phase currents, import positive
 * @v_dc_link_mv: DC link
 * @v_ev_mv: output voltage
 * @i_ev_ma: output current
 * @theta: angle of the tracked positive-sequence voltage, 2^32 a turn, of
 *	the cosine of phase a
 * @p_inst_mw: instantaneous power
 * @duty: leg references, 2^15 is the whole positive range
 * @state: enum v2x_state
 * @fault_lines: V2X_FAULT_* of that tick
 * @reserved0: zero
 */
struct v2x_sample {
	__u64 tick;
	__s32 v_mv[V2X_PHASES_MAX];
	__s32 i_ma[V2X_PHASES_MAX];
	__s32 v_dc_link_mv;
	__s32 v_ev_mv;
	__s32 i_ev_ma;
	__u32 theta;
	__s32 p_inst_mw;
	__s16 duty[V2X_PHASES_MAX];
	__u8 state;
	__u8 fault_lines;
	__u32 reserved0;
};

/**
 * struct v2x_cycle - one record a mains cycle of the cycle ring
 * @seq: number of the cycle, from 1
 * @t_ns: time of its last tick
 * @tick: number of its last tick
 * @ticks: ticks in it
 * @f_mhz: frequency
 * @v_mv: phase voltages, RMS over the cycle
 * @i_ma: phase currents, RMS
 * @p_mw: active power, mean over the cycle, sum of the phases
 * @q_mvar: reactive power of the fundamental
 * @s_mva: sum of the products of RMS voltage and current
 * @p_ref_mw: reference after limits and ramp, at the end
 * @q_ref_mvar: likewise
 * @p_sp_mw: set-point
 * @v_dc_link_mv: mean
 * @v_ev_mv: mean
 * @i_ev_ma: mean
 * @state: enum v2x_state at the end
 * @limited_by: V2X_LIMITED_*
 * @rocof_mhz_per_s: rate of change of frequency over 500 ms
 * @e_import_mj: register
 * @e_export_mj: register
 */
struct v2x_cycle {
	__u64 seq;
	__u64 t_ns;
	__u64 tick;
	__u32 ticks;
	__s32 f_mhz;
	__s32 v_mv[V2X_PHASES_MAX];
	__s32 i_ma[V2X_PHASES_MAX];
	__s32 p_mw;
	__s32 q_mvar;
	__s32 s_mva;
	__s32 p_ref_mw;
	__s32 q_ref_mvar;
	__s32 p_sp_mw;
	__s32 v_dc_link_mv;
	__s32 v_ev_mv;
	__s32 i_ev_ma;
	__u32 state;
	__u32 limited_by;
	__s32 rocof_mhz_per_s;
	__s64 e_import_mj;
	__s64 e_export_mj;
};

/* Types of event. */
#define V2X_EVENT_STATE		1 /* from, to, reason */
#define V2X_EVENT_TRIP		2 /* reason, value and limit in its unit */
#define V2X_EVENT_FAULT_LINE	3 /* from, to: V2X_FAULT_* before, after */
#define V2X_EVENT_PILOT		4 /* from, to: enum v2x_pilot */
#define V2X_EVENT_CLAIM		5 /* to: 1 claimed, 0 released; reason */
#define V2X_EVENT_LEASE		6 /* lease ran out */
#define V2X_EVENT_LIMITED	7 /* from, to: V2X_LIMITED_* */
#define V2X_EVENT_MISSED	8 /* value: ticks missed */
#define V2X_EVENT_RECORD	9 /* a fault record was frozen; value: its number */
#define V2X_EVENT_CONTACTOR	10 /* from, to: V2X_CONTACTOR_* proven */
#define V2X_EVENT_CEASE		11 /* to: 1 ceased, 0 back; reason, value, limit */
#define V2X_EVENT_ISLAND	12 /* from, to: enum v2x_island; reason, value, limit */

/**
 * struct v2x_event - what read() gives, whole records only
 * @seq: from 1, without holes; a hole means the reader was too slow
 * @t_ns: when
 * @tick: at which tick
 * @type: V2X_EVENT_*
 * @reason: enum v2x_reason
 * @from: see the type
 * @to: see the type
 * @value: measured (mv, ma, mhz, mc, ohm by reason), or see the type
 * @limit: what it was held against
 * @cause: of the request or set-point behind it
 * @reserved: zero
 *
 * A file sees the events raised after it was opened. read() gives -EAGAIN
 * (O_NONBLOCK) or sleeps when there is none, -EINVAL for a buffer smaller
 * than one event, -ENODEV when the device is gone and all events are read.
 */
struct v2x_event {
	__u64 seq;
	__u64 t_ns;
	__u64 tick;
	__u32 type;
	__u32 reason;
	__u32 from;
	__u32 to;
	__s64 value;
	__s64 limit;
	__u32 cause;
	__u32 reserved;
};

#endif /* _UAPI_LINUX_V2X_H */
