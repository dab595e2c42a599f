// SPDX-License-Identifier: GPL-2.0-only
/* Channel descriptors, V2X_IOC_CHANNEL. */
#include <linux/bitops.h>
#include <linux/string.h>

#include "core.h"

/* A leg reference as the waveform ring shows it: 2^15 is the whole range. */
#define V2X_DUTY_SCALE_N	30518	/* 10^9 / 2^15, rounded */

static const char * const v2x_pwm_names[V2X_PHASES_MAX] = { "leg_a", "leg_b", "leg_c" };

static const char * const v2x_unit_names[] = {
	[V2X_UNIT_VOLT] = "V",
	[V2X_UNIT_AMPERE] = "A",
	[V2X_UNIT_CELSIUS] = "degC",
	[V2X_UNIT_OHM] = "ohm",
};

/**
 * v2x_channel_count() - how many channels of a kind a stage has
 * @desc: of the stage
 * @kind: V2X_CHANNEL_*
 */
u32 v2x_channel_count(const struct v2x_stage_desc *desc, u32 kind)
{
	u32 count = 0;
	int i;

	switch (kind) {
	case V2X_CHANNEL_ADC:
		return hweight32(desc->adc_present);
	case V2X_CHANNEL_PWM:
		return desc->phases;
	default:
		for (i = 0; i < V2X_FAULT_LINES; i++)
			count += !!desc->fault_name[i];
		return count;
	}
}

static void v2x_channel_adc(const struct v2x_core *core, struct v2x_channel *arg)
{
	const struct v2x_adc_desc *adc;
	u32 left = arg->index;
	int i;

	for (i = 0; i < V2X_ADC_COUNT; i++) {
		if ((core->desc.adc_present & BIT(i)) && !left--)
			break;
	}
	adc = &core->desc.adc[i];
	strscpy(arg->name, adc->name, sizeof(arg->name));
	strscpy(arg->unit, v2x_unit_names[adc->unit], sizeof(arg->unit));
	arg->scale_n = adc->scale_n;
	arg->offset_n = adc->offset_n;
	arg->raw_min = adc->raw_min;
	arg->raw_max = adc->raw_max;
	arg->raw = READ_ONCE(core->in.samples.raw[i]);
}

static void v2x_channel_pwm(const struct v2x_core *core, struct v2x_channel *arg)
{
	strscpy(arg->name, v2x_pwm_names[arg->index], sizeof(arg->name));
	strscpy(arg->unit, "1", sizeof(arg->unit));
	arg->scale_n = V2X_DUTY_SCALE_N;
	arg->raw_min = S16_MIN;
	arg->raw_max = S16_MAX;
	arg->raw = READ_ONCE(core->out.sample.duty[arg->index]);
}

static void v2x_channel_fault(const struct v2x_core *core, struct v2x_channel *arg)
{
	u32 left = arg->index;
	int i;

	for (i = 0; i < V2X_FAULT_LINES; i++) {
		if (core->desc.fault_name[i] && !left--)
			break;
	}
	strscpy(arg->name, core->desc.fault_name[i], sizeof(arg->name));
	strscpy(arg->unit, "1", sizeof(arg->unit));
	arg->scale_n = NSEC_PER_SEC;
	arg->raw_max = 1;
	arg->raw = !!(READ_ONCE(core->in.samples.fault_lines) & BIT(i));
}

/**
 * v2x_channel_get() - describe one channel
 * @core: the charger
 * @arg: kind and index in, all out
 *
 * Return: 0, -EINVAL for an unknown kind, -ENOENT beyond the last.
 * Context: process, stage_lock held.
 */
int v2x_channel_get(struct v2x_core *core, struct v2x_channel *arg)
{
	static void (* const describe[])(const struct v2x_core *core, struct v2x_channel *arg) = {
		[V2X_CHANNEL_ADC] = v2x_channel_adc,
		[V2X_CHANNEL_PWM] = v2x_channel_pwm,
		[V2X_CHANNEL_FAULT] = v2x_channel_fault,
	};
	struct v2x_channel out = { .kind = arg->kind, .index = arg->index };

	if (arg->kind >= ARRAY_SIZE(describe))
		return -EINVAL;
	if (arg->index >= v2x_channel_count(&core->desc, arg->kind))
		return -ENOENT;
	describe[arg->kind](core, &out);
	*arg = out;
	return 0;
}
