/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What runs in which tick. Sampling, protection, tracker, current control,
 * modulation and metering run in every one; the slower loops take turns, so
 * that no tick carries two of them.
 *
 * Work on a mains cycle and on half of one is cut into pieces, one a tick. It
 * keeps off the dearest turns: that of the link, and the slow ones, which differ
 * and may grow. That of the DC/DC's command takes the light ones, a stage of the
 * table each. At 16 kHz and 60 Hz a half cycle has 33 turns of either kind: at
 * most 23 pieces, 9 of them before the stages, and one for each of 32 stages.
 * Below that the link's turn takes its share.
 */
#ifndef _V2X_SCHEDULE_H
#define _V2X_SCHEDULE_H

#define V2X_OUTER_TICKS	4	/* set-point, DC link and sequencer: 5 kHz at 20 kHz */
#define V2X_SLOW_TICKS	16	/* slow channels, bounds, most of the tracker's pieces */
#define V2X_ROUND_TICKS	32	/* the rest of them */

#define V2X_WINDOW_TICKS	(2 * V2X_OUTER_TICKS)	/* on V2X_TURN_LINK */

#define V2X_WORK_HZ	16000

/* tick % V2X_OUTER_TICKS */
#define V2X_TURN_SLOW		0
#define V2X_TURN_SETPOINT	1	/* and the direction of the power */
#define V2X_TURN_LINK		2
#define V2X_TURN_SEQUENCER	3
#define V2X_TURN_COMMAND	3	/* of the DC/DC: what the link's turn made of it */

/* tick % V2X_SLOW_TICKS on V2X_TURN_SLOW */
#define V2X_TURN_STUCK		0
#define V2X_TURN_BOUNDS		8
#define V2X_TURN_CHANNELS	12

/*
 * The pieces of what the bridge's control may be told late are on odd ticks, which
 * have less to do with one phase: tick % V2X_SLOW_TICKS on V2X_TURN_SEQUENCER, ...
 */
#define V2X_TURN_PRESENCE	3
#define V2X_TURN_PACE		7
#define V2X_TURN_AMPLITUDE	11
#define V2X_TURN_RECIPROCAL	15

/* ... likewise on V2X_TURN_SETPOINT: the residual current, in both; a coefficient, ... */
#define V2X_TURN_RESIDUAL	1
#define V2X_TURN_TUNE		9

/* ... and tick % V2X_ROUND_TICKS on the others of those */
#define V2X_TURN_SINE		5
#define V2X_TURN_COSINE		13
#define V2X_TURN_SHARE		21
#define V2X_TURN_UPRIGHT	29

#endif /* _V2X_SCHEDULE_H */
