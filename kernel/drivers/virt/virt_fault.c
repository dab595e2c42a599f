// SPDX-License-Identifier: GPL-2.0-only
/*
 * configfs directory fault/: one attribute for each row of plant_fault_table[].
 */
#include "virt.h"

static ssize_t fault_show(struct config_item *item, enum plant_fault id, char *page)
{
	struct virt_charger *c = virt_fault_charger(item);
	u32 v;

	mutex_lock(&c->lock);
	v = c->env.fault[id];
	if (id == PLANT_FAULT_MISSED_TICKS)	/* counts down by itself */
		v = c->vs ? READ_ONCE(c->vs->skip) : 0;
	mutex_unlock(&c->lock);
	return sysfs_emit(page, "%u\n", v);
}

static int fault_set(struct virt_charger *c, enum plant_fault id, u32 v)
{
	if (id == PLANT_FAULT_MISSED_TICKS) {
		if (!c->vs)
			return -ENODEV;
		WRITE_ONCE(c->vs->skip, v);
		return 0;
	}
	c->env.fault[id] = v;
	virt_stage_update(c);
	if (id == PLANT_FAULT_ESTOP)
		virt_gpio_estop(c);
	return 0;
}

static ssize_t fault_store(struct config_item *item, enum plant_fault id,
			   const char *page, size_t len)
{
	struct virt_charger *c = virt_fault_charger(item);
	u32 v;
	int err = kstrtou32(page, 0, &v);

	if (err)
		return err;
	if (v > plant_fault_table[id].max)
		return -ERANGE;
	mutex_lock(&c->lock);
	err = fault_set(c, id, v);
	mutex_unlock(&c->lock);
	return err ?: len;
}

#define VIRT_FAULT_ATTR(_name, _id)							\
static ssize_t virt_fault_##_name##_show(struct config_item *item, char *page)		\
{											\
	return fault_show(item, PLANT_FAULT_##_id, page);				\
}											\
static ssize_t virt_fault_##_name##_store(struct config_item *item, const char *page,	\
					  size_t len)					\
{											\
	return fault_store(item, PLANT_FAULT_##_id, page, len);				\
}											\
CONFIGFS_ATTR(virt_fault_, _name)

VIRT_FAULT_ATTR(adc_stuck, ADC_STUCK);
VIRT_FAULT_ATTR(adc_noise, ADC_NOISE);
VIRT_FAULT_ATTR(adc_offset, ADC_OFFSET);
VIRT_FAULT_ATTR(adc_open, ADC_OPEN);
VIRT_FAULT_ATTR(adc_short, ADC_SHORT);
VIRT_FAULT_ATTR(contactor_welded, CONTACTOR_WELDED);
VIRT_FAULT_ATTR(contactor_stuck_open, CONTACTOR_STUCK_OPEN);
VIRT_FAULT_ATTR(precharge_failed, PRECHARGE_FAILED);
VIRT_FAULT_ATTR(link_short, LINK_SHORT);
VIRT_FAULT_ATTR(gate_fault, GATE_FAULT);
VIRT_FAULT_ATTR(over_current, OVER_CURRENT);
VIRT_FAULT_ATTR(dc_link, DC_LINK);
VIRT_FAULT_ATTR(residual_current, RESIDUAL_CURRENT);
VIRT_FAULT_ATTR(residual_dc, RESIDUAL_DC);
VIRT_FAULT_ATTR(residual_ac, RESIDUAL_AC);
VIRT_FAULT_ATTR(estop, ESTOP);
VIRT_FAULT_ATTR(over_temperature, OVER_TEMPERATURE);
VIRT_FAULT_ATTR(phase_loss, PHASE_LOSS);
VIRT_FAULT_ATTR(phase_swap, PHASE_SWAP);
VIRT_FAULT_ATTR(grid_loss, GRID_LOSS);
VIRT_FAULT_ATTR(insulation_fault, INSULATION_FAULT);
VIRT_FAULT_ATTR(pilot_short, PILOT_SHORT);
VIRT_FAULT_ATTR(pilot_no_diode, PILOT_NO_DIODE);
VIRT_FAULT_ATTR(missed_ticks, MISSED_TICKS);

static ssize_t virt_fault_list_show(struct config_item *item, char *page)
{
	int n = 0, i;

	for (i = 0; i < PLANT_FAULT_COUNT; i++)
		n += sysfs_emit_at(page, n, "%s\t0..%u\t%s\n", plant_fault_table[i].name,
				   plant_fault_table[i].max, plant_fault_table[i].help);
	return n;
}
CONFIGFS_ATTR_RO(virt_fault_, list);

static struct configfs_attribute *virt_fault_attrs[] = {
	[PLANT_FAULT_ADC_STUCK] = &virt_fault_attr_adc_stuck,
	[PLANT_FAULT_ADC_NOISE] = &virt_fault_attr_adc_noise,
	[PLANT_FAULT_ADC_OFFSET] = &virt_fault_attr_adc_offset,
	[PLANT_FAULT_ADC_OPEN] = &virt_fault_attr_adc_open,
	[PLANT_FAULT_ADC_SHORT] = &virt_fault_attr_adc_short,
	[PLANT_FAULT_CONTACTOR_WELDED] = &virt_fault_attr_contactor_welded,
	[PLANT_FAULT_CONTACTOR_STUCK_OPEN] = &virt_fault_attr_contactor_stuck_open,
	[PLANT_FAULT_PRECHARGE_FAILED] = &virt_fault_attr_precharge_failed,
	[PLANT_FAULT_LINK_SHORT] = &virt_fault_attr_link_short,
	[PLANT_FAULT_GATE_FAULT] = &virt_fault_attr_gate_fault,
	[PLANT_FAULT_OVER_CURRENT] = &virt_fault_attr_over_current,
	[PLANT_FAULT_DC_LINK] = &virt_fault_attr_dc_link,
	[PLANT_FAULT_RESIDUAL_CURRENT] = &virt_fault_attr_residual_current,
	[PLANT_FAULT_RESIDUAL_DC] = &virt_fault_attr_residual_dc,
	[PLANT_FAULT_RESIDUAL_AC] = &virt_fault_attr_residual_ac,
	[PLANT_FAULT_ESTOP] = &virt_fault_attr_estop,
	[PLANT_FAULT_OVER_TEMPERATURE] = &virt_fault_attr_over_temperature,
	[PLANT_FAULT_PHASE_LOSS] = &virt_fault_attr_phase_loss,
	[PLANT_FAULT_PHASE_SWAP] = &virt_fault_attr_phase_swap,
	[PLANT_FAULT_GRID_LOSS] = &virt_fault_attr_grid_loss,
	[PLANT_FAULT_INSULATION_FAULT] = &virt_fault_attr_insulation_fault,
	[PLANT_FAULT_PILOT_SHORT] = &virt_fault_attr_pilot_short,
	[PLANT_FAULT_PILOT_NO_DIODE] = &virt_fault_attr_pilot_no_diode,
	[PLANT_FAULT_MISSED_TICKS] = &virt_fault_attr_missed_ticks,
	[PLANT_FAULT_COUNT] = &virt_fault_attr_list,
	NULL
};

const struct config_item_type virt_fault_type = {
	.ct_owner = THIS_MODULE,
	.ct_attrs = virt_fault_attrs,
};
