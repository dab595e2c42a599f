// SPDX-License-Identifier: GPL-2.0-only
/*
 * What user space can map: status page, waveform ring, cycle ring, recorder.
 *
 * Read-only for user space, so that the tick can trust what it wrote. The
 * memory belongs to the charger, not to the stage: a mapping holds its file,
 * the file holds the charger, and so it stays valid after the device has gone.
 */
#define pr_fmt(fmt) "v2x: " fmt

#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

#include "compat.h"
#include "core.h"

#define V2X_WAVE_SAMPLES_MIN	(2 * V2X_RECORD_SAMPLES)
#define V2X_WAVE_SAMPLES_MAX	1048576

static unsigned int wave_samples = 65536;
module_param(wave_samples, uint, 0444);
MODULE_PARM_DESC(wave_samples,
		 "Records of the waveform ring, 64 bytes each; a power of two, 16384..1048576");

/* Regions are this far apart, so that they can grow without changing offsets. */
#define V2X_REGION_STRIDE	BIT_ULL(28)

static int v2x_region_alloc(struct v2x_core *core, int which, size_t len)
{
	struct v2x_region *region = &core->region[which];

	region->len = PAGE_ALIGN(len);
	region->offset = which * V2X_REGION_STRIDE;
	region->mem = vmalloc_user(region->len);
	return region->mem ? 0 : -ENOMEM;
}

static int v2x_ring_alloc(struct v2x_core *core, int which, u32 entry_size, u32 entries)
{
	struct v2x_ring *ring;

	if (v2x_region_alloc(core, which, PAGE_SIZE + (size_t)entry_size * entries))
		return -ENOMEM;
	ring = core->region[which].mem;
	ring->magic = V2X_RING_MAGIC;
	ring->entry_size = entry_size;
	ring->entries = entries;
	ring->data_offset = PAGE_SIZE;
	return 0;
}

/**
 * v2x_regions_alloc() - all of them, zeroed
 * @core: the charger
 *
 * Return: 0, -EINVAL for a bad module parameter, -ENOMEM; in any case
 * v2x_regions_free() releases what there is.
 */
int v2x_regions_alloc(struct v2x_core *core)
{
	if (!is_power_of_2(wave_samples) || wave_samples < V2X_WAVE_SAMPLES_MIN ||
	    wave_samples > V2X_WAVE_SAMPLES_MAX) {
		pr_err("wave_samples=%u: expected a power of two, %u..%u\n", wave_samples,
		       V2X_WAVE_SAMPLES_MIN, V2X_WAVE_SAMPLES_MAX);
		return -EINVAL;
	}
	if (v2x_region_alloc(core, V2X_REGION_STATUS, sizeof(struct v2x_status)) ||
	    v2x_ring_alloc(core, V2X_REGION_WAVE, sizeof(struct v2x_sample), wave_samples) ||
	    v2x_ring_alloc(core, V2X_REGION_CYCLE, sizeof(struct v2x_cycle), V2X_CYCLES) ||
	    v2x_ring_alloc(core, V2X_REGION_RECORD, sizeof(struct v2x_sample),
			   V2X_RECORD_SAMPLES))
		return -ENOMEM;
	core->status = core->region[V2X_REGION_STATUS].mem;
	core->status->size = sizeof(struct v2x_status);
	core->wave = core->region[V2X_REGION_WAVE].mem;
	core->cycle = core->region[V2X_REGION_CYCLE].mem;
	core->record = core->region[V2X_REGION_RECORD].mem;
	core->record->busy = 1;
	return 0;
}

/**
 * v2x_regions_free() - the last user has gone
 * @core: the charger
 */
void v2x_regions_free(struct v2x_core *core)
{
	int i;

	for (i = 0; i < V2X_REGIONS; i++)
		vfree(core->region[i].mem);
}

/**
 * v2x_regions_describe() - offsets and lengths for V2X_IOC_INFO
 * @core: the charger
 * @info: the fields *_offset and *_len are filled in
 */
void v2x_regions_describe(const struct v2x_core *core, struct v2x_info *info)
{
	const struct v2x_region *region = core->region;

	info->status_offset = region[V2X_REGION_STATUS].offset;
	info->status_len = region[V2X_REGION_STATUS].len;
	info->wave_offset = region[V2X_REGION_WAVE].offset;
	info->wave_len = region[V2X_REGION_WAVE].len;
	info->cycle_offset = region[V2X_REGION_CYCLE].offset;
	info->cycle_len = region[V2X_REGION_CYCLE].len;
	info->record_offset = region[V2X_REGION_RECORD].offset;
	info->record_len = region[V2X_REGION_RECORD].len;
}

/**
 * v2x_region_mmap() - map a region from its start
 * @core: the charger
 * @vma: asked for
 *
 * Return: 0, -EPERM for a writable mapping, -EINVAL for an offset that is no
 * region's or a length beyond it.
 */
int v2x_region_mmap(struct v2x_core *core, struct vm_area_struct *vma)
{
	const u64 offset = (u64)vma->vm_pgoff << PAGE_SHIFT;
	const struct v2x_region *region = NULL;
	int i;

	for (i = 0; i < V2X_REGIONS; i++) {
		if (core->region[i].offset == offset)
			region = &core->region[i];
	}
	if (!region || vma->vm_end - vma->vm_start > region->len)
		return -EINVAL;
	if (vma->vm_flags & (VM_WRITE | VM_EXEC))
		return -EPERM;
	vm_flags_clear(vma, VM_MAYWRITE | VM_MAYEXEC);
	return remap_vmalloc_range(vma, region->mem, 0);
}
