// SPDX-License-Identifier: GPL-2.0-only
/*
 * What of the grid and of the vehicle may be changed at any time: the one
 * table from which attributes in configfs and words of programs take their
 * place and their range.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "plant.h"

#define GRID(_name, _field, _lo, _hi) \
	{ "grid/" #_name, offsetof(struct plant_env, grid._field), _lo, _hi, 0, false }
#define GRID_REPLAYED(_name, _field, _lo, _hi) \
	{ "grid/" #_name, offsetof(struct plant_env, grid._field), _lo, _hi, 0, true }
/* 0: there is none */
#define LOAD(_name, _least, _hi) \
	{ "grid/" #_name, offsetof(struct plant_env, grid._name), 0, _hi, _least, false }
#define CAR(_name, _field, _lo, _hi) \
	{ "car/" #_name, offsetof(struct plant_env, car._field), _lo, _hi, 0, false }
#define BUS(_name, _least, _hi) \
	{ "bus/" #_name, offsetof(struct plant_env, bus._name), 0, _hi, _least, false }

static const struct plant_attr plant_attr[] = {
	GRID_REPLAYED(frequency_mhz, frequency_mhz, 0, 100000),
	GRID_REPLAYED(voltage_mpu, voltage_mpu, 0, 2000),
	GRID(voltage_a_mpu, phase_mpu[0], 0, 2000),
	GRID(voltage_b_mpu, phase_mpu[1], 0, 2000),
	GRID(voltage_c_mpu, phase_mpu[2], 0, 2000),
	GRID(phase_mdeg, phase_mdeg, -360000, 360000),
	GRID(h5_permille, h5_permille, 0, 300),
	GRID(h7_permille, h7_permille, 0, 300),
	GRID(unbalance_permille, unbalance_permille, 0, 1000),
	GRID(dc_permille, dc_permille, -200, 200),
	GRID(rg_uohm, rg_uohm, 0, 5000000),
	GRID(lg_nh, lg_nh, 0, 20000000),
	GRID(island_load_w, island_load_w, 0, 50000),
	GRID(island, island, 0, 1),
	LOAD(load_r_mohm, 1, 100000000),
	LOAD(load_l_uh, PLANT_NODE_L_MIN_NH / 1000, 100000000),
	LOAD(load_c_nf, 1, 10000000),
	GRID(load_lines, load_lines, 0, 7),
	LOAD(motor_w, 200, 20000),
	LOAD(transformer_va, 200, 50000),
	LOAD(rectifier_va, 200, 25000),
	BUS(load_r_mohm, 1, 100000000),
	BUS(load_w, 1, 50000),
	CAR(plugged, plugged, 0, 1),
	CAR(ready, ready, 0, 1),
	CAR(ventilation, ventilation, 0, 1),
	CAR(i_max_ma, i_max_ma, 0, 500000),
	CAR(v_max_mv, v_max_mv, 0, 1000000),
	CAR(v_min_mv, v_min_mv, 0, 1000000),
};

const struct plant_attr *plant_attr_at(u32 n)
{
	return n < ARRAY_SIZE(plant_attr) ? &plant_attr[n] : NULL;
}

bool plant_attr_allows(const struct plant_attr *a, s64 value)
{
	if (value < a->lo || value > a->hi)
		return false;
	return !a->least || !value || value >= a->least;
}

const struct plant_attr *plant_attr_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(plant_attr); i++)
		if (!strcmp(plant_attr[i].name, name))
			return &plant_attr[i];
	return NULL;
}
