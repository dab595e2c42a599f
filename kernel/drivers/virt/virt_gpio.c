// SPDX-License-Identifier: GPL-2.0-only
/*
 * The GPIO chip of a virtual charger: emergency stop and door as inputs with
 * edge events, the status lamp as outputs.
 *
 * gpiolib does not lose a chip gracefully while a program holds its lines:
 * 6.1 keeps a half-dead chip in its list and falls over it later, 6.12 frees
 * the interrupts of the lines, which their holder then frees again. So a chip
 * that is not wanted any more refuses requests and goes with its last line.
 */
#include <linux/delay.h>
#include <linux/gpio/driver.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "virt.h"

enum virt_line {
	VIRT_LINE_ESTOP,
	VIRT_LINE_DOOR,
	VIRT_LINE_INPUTS,
	VIRT_LINE_LAMP_RED = VIRT_LINE_INPUTS,
	VIRT_LINE_LAMP_GREEN,
	VIRT_LINE_LAMP_BLUE,
	VIRT_LINES
};

static const char * const line_name[VIRT_LINES] = {
	"estop", "door", "lamp-red", "lamp-green", "lamp-blue",
};

/**
 * struct virt_gpio - a chip
 * @gc: towards gpiolib
 * @domain: of the interrupts of the inputs
 * @label: "v2x-virt-NAME"
 * @level: of each line, 0 or 1
 * @type: IRQ_TYPE_EDGE_* wanted of each input
 * @enabled: mask of inputs whose interrupt is not masked
 * @fire: mask of inputs whose edge is to be reported
 * @edge: reports them in hard-interrupt context
 * @gone: no longer wanted
 * @lines: requested, and one more until @gone
 * @dev: parent of the chip; goes with it
 * @remove: removes it all, in process context
 */
struct virt_gpio {
	struct gpio_chip gc;
	struct irq_domain *domain;
	char label[V2X_NAME_LEN + 16];
	u32 level[VIRT_LINES];
	u32 type[VIRT_LINE_INPUTS];
	atomic_t enabled;
	atomic_t fire;
	struct irq_work edge;
	bool gone;
	refcount_t lines;
	struct platform_device *dev;
	struct work_struct remove;
};

static struct workqueue_struct *virt_wq;

static int gpio_request(struct gpio_chip *gc, unsigned int line)
{
	struct virt_gpio *g = gpiochip_get_data(gc);

	if (READ_ONCE(g->gone) || !refcount_inc_not_zero(&g->lines))
		return -ENODEV;
	return 0;
}

static void lines_put(struct virt_gpio *g)
{
	if (refcount_dec_and_test(&g->lines))
		queue_work(virt_wq, &g->remove);
}

static void gpio_release(struct gpio_chip *gc, unsigned int line)
{
	lines_put(gpiochip_get_data(gc));
}

static int gpio_get_direction(struct gpio_chip *gc, unsigned int line)
{
	return line < VIRT_LINE_INPUTS ? GPIO_LINE_DIRECTION_IN : GPIO_LINE_DIRECTION_OUT;
}

static int gpio_direction_input(struct gpio_chip *gc, unsigned int line)
{
	return line < VIRT_LINE_INPUTS ? 0 : -EPERM;
}

static int gpio_get(struct gpio_chip *gc, unsigned int line)
{
	struct virt_gpio *g = gpiochip_get_data(gc);

	return (int)READ_ONCE(g->level[line]);
}

static void gpio_set(struct gpio_chip *gc, unsigned int line, int value)
{
	struct virt_gpio *g = gpiochip_get_data(gc);

	if (line >= VIRT_LINE_INPUTS)
		WRITE_ONCE(g->level[line], !!value);
}

static int gpio_direction_output(struct gpio_chip *gc, unsigned int line, int value)
{
	if (line < VIRT_LINE_INPUTS)
		return -EPERM;
	gpio_set(gc, line, value);
	return 0;
}

static int gpio_to_irq(struct gpio_chip *gc, unsigned int line)
{
	struct virt_gpio *g = gpiochip_get_data(gc);

	if (line >= VIRT_LINE_INPUTS)
		return -ENXIO;
	return (int)irq_create_mapping(g->domain, line);
}

static void irq_mask_line(struct irq_data *d)
{
	struct virt_gpio *g = irq_data_get_irq_chip_data(d);

	atomic_andnot(BIT(irqd_to_hwirq(d)), &g->enabled);
}

static void irq_unmask_line(struct irq_data *d)
{
	struct virt_gpio *g = irq_data_get_irq_chip_data(d);

	atomic_or(BIT(irqd_to_hwirq(d)), &g->enabled);
}

static int irq_type_line(struct irq_data *d, unsigned int type)
{
	struct virt_gpio *g = irq_data_get_irq_chip_data(d);

	if (type & ~IRQ_TYPE_EDGE_BOTH)
		return -EINVAL;
	WRITE_ONCE(g->type[irqd_to_hwirq(d)], type);
	return 0;
}

static int irq_request_line(struct irq_data *d)
{
	struct virt_gpio *g = irq_data_get_irq_chip_data(d);

	return gpiochip_lock_as_irq(&g->gc, irqd_to_hwirq(d));
}

static void irq_release_line(struct irq_data *d)
{
	struct virt_gpio *g = irq_data_get_irq_chip_data(d);

	gpiochip_unlock_as_irq(&g->gc, irqd_to_hwirq(d));
}

static struct irq_chip virt_irq_chip = {
	.name = "v2x-virt",
	.irq_mask = irq_mask_line,
	.irq_unmask = irq_unmask_line,
	.irq_set_type = irq_type_line,
	.irq_request_resources = irq_request_line,
	.irq_release_resources = irq_release_line,
};

static int domain_map(struct irq_domain *domain, unsigned int irq, irq_hw_number_t line)
{
	irq_set_chip_and_handler(irq, &virt_irq_chip, handle_simple_irq);
	irq_set_chip_data(irq, domain->host_data);
	irq_modify_status(irq, IRQ_NOREQUEST | IRQ_NOAUTOEN, IRQ_NOPROBE);
	return 0;
}

static void domain_unmap(struct irq_domain *domain, unsigned int irq)
{
	irq_set_chip_and_handler(irq, NULL, NULL);
	irq_set_chip_data(irq, NULL);
}

static const struct irq_domain_ops virt_domain_ops = {
	.map = domain_map,
	.unmap = domain_unmap,
};

static void gpio_edge(struct irq_work *work)
{
	struct virt_gpio *g = container_of(work, struct virt_gpio, edge);
	unsigned long lines = (unsigned long)atomic_xchg(&g->fire, 0);
	unsigned int line;

	lines &= (unsigned long)atomic_read(&g->enabled);
	for_each_set_bit(line, &lines, VIRT_LINE_INPUTS)
		generic_handle_domain_irq(g->domain, line);
}

static void domain_free(struct virt_gpio *g)
{
	unsigned int line;

	irq_work_sync(&g->edge);
	for (line = 0; line < VIRT_LINE_INPUTS; line++)
		irq_dispose_mapping(irq_find_mapping(g->domain, line));
	irq_domain_remove(g->domain);
}

static void chip_remove(struct virt_gpio *g)
{
	gpiochip_remove(&g->gc);
	domain_free(g);
	platform_device_unregister(g->dev);
	kfree(g);
}

/* gpiolib is still on its way out of the last line's release. */
static void gpio_remove(struct work_struct *work)
{
	msleep(20);
	chip_remove(container_of(work, struct virt_gpio, remove));
}

static void gpio_describe(struct virt_gpio *g, struct virt_charger *c)
{
	struct gpio_chip *gc = &g->gc;

	snprintf(g->label, sizeof(g->label), "v2x-virt-%s", c->name);
	gc->label = g->label;
	gc->parent = &c->dev->dev;
	gc->owner = THIS_MODULE;
	gc->base = -1;
	gc->ngpio = VIRT_LINES;
	gc->names = line_name;
	gc->request = gpio_request;
	gc->free = gpio_release;
	gc->get_direction = gpio_get_direction;
	gc->direction_input = gpio_direction_input;
	gc->direction_output = gpio_direction_output;
	gc->get = gpio_get;
	gc->set = gpio_set;
	gc->to_irq = gpio_to_irq;
}

/**
 * virt_gpio_create() - register the chip of a charger
 * @c: with @c->dev
 *
 * Return: the chip or an ERR_PTR.
 */
struct virt_gpio *virt_gpio_create(struct virt_charger *c)
{
	struct virt_gpio *g = kzalloc(sizeof(*g), GFP_KERNEL);
	int err;

	if (!g)
		return ERR_PTR(-ENOMEM);
	refcount_set(&g->lines, 1);
	g->dev = c->dev;
	INIT_WORK(&g->remove, gpio_remove);
	g->edge = IRQ_WORK_INIT_HARD(gpio_edge);
	g->level[VIRT_LINE_ESTOP] = !!c->env.fault[PLANT_FAULT_ESTOP];
	g->domain = irq_domain_create_linear(NULL, VIRT_LINE_INPUTS, &virt_domain_ops, g);
	if (!g->domain) {
		kfree(g);
		return ERR_PTR(-ENOMEM);
	}
	gpio_describe(g, c);
	err = gpiochip_add_data(&g->gc, g);
	if (err) {
		domain_free(g);
		kfree(g);
		return ERR_PTR(err);
	}
	return g;
}

/**
 * virt_gpio_destroy() - remove the chip and its parent device
 * @g: from virt_gpio_create(); not the caller's any more
 *
 * At once, or when the last line has been given back.
 */
void virt_gpio_destroy(struct virt_gpio *g)
{
	WRITE_ONCE(g->gone, true);
	if (refcount_dec_and_test(&g->lines))
		chip_remove(g);
}

/* Drive an input, as the wire would. */
static void gpio_drive(struct virt_gpio *g, enum virt_line line, u32 level)
{
	u32 old = READ_ONCE(g->level[line]);

	if (old == level)
		return;
	WRITE_ONCE(g->level[line], level);
	if (!(READ_ONCE(g->type[line]) & (level ? IRQ_TYPE_EDGE_RISING : IRQ_TYPE_EDGE_FALLING)))
		return;
	atomic_or(BIT(line), &g->fire);
	irq_work_queue(&g->edge);
}

/**
 * virt_gpio_estop() - line estop follows the emergency stop
 * @c: charger, under its lock
 */
void virt_gpio_estop(struct virt_charger *c)
{
	if (c->chip)
		gpio_drive(c->chip, VIRT_LINE_ESTOP, !!c->env.fault[PLANT_FAULT_ESTOP]);
}

static ssize_t line_show(struct config_item *item, enum virt_line line, char *page)
{
	struct virt_charger *c = virt_gpio_charger(item);
	u32 level = 0;

	mutex_lock(&c->lock);
	if (c->chip)
		level = READ_ONCE(c->chip->level[line]);
	else if (line == VIRT_LINE_ESTOP)
		level = !!c->env.fault[PLANT_FAULT_ESTOP];
	mutex_unlock(&c->lock);
	return sysfs_emit(page, "%u\n", level);
}

static ssize_t input_store(struct config_item *item, enum virt_line line,
			   const char *page, size_t len)
{
	struct virt_charger *c = virt_gpio_charger(item);
	u32 level;
	int err = kstrtou32(page, 0, &level);

	if (err)
		return err;
	if (level > 1)
		return -ERANGE;
	mutex_lock(&c->lock);
	if (line == VIRT_LINE_ESTOP) {
		c->env.fault[PLANT_FAULT_ESTOP] = level;
		virt_stage_update(c);
		virt_gpio_estop(c);
	} else if (!c->chip) {
		err = -ENODEV;
	} else {
		gpio_drive(c->chip, line, level);
	}
	mutex_unlock(&c->lock);
	return err ?: len;
}

#define VIRT_LINE_SHOW(_name, _line)						\
static ssize_t virt_gpio_##_name##_show(struct config_item *item, char *page)	\
{										\
	return line_show(item, _line, page);					\
}

#define VIRT_LINE_STORE(_name, _line)						\
static ssize_t virt_gpio_##_name##_store(struct config_item *item,		\
					 const char *page, size_t len)		\
{										\
	return input_store(item, _line, page, len);				\
}

VIRT_LINE_SHOW(estop, VIRT_LINE_ESTOP)
VIRT_LINE_STORE(estop, VIRT_LINE_ESTOP)
CONFIGFS_ATTR(virt_gpio_, estop);
VIRT_LINE_SHOW(door, VIRT_LINE_DOOR)
VIRT_LINE_STORE(door, VIRT_LINE_DOOR)
CONFIGFS_ATTR(virt_gpio_, door);
VIRT_LINE_SHOW(lamp_red, VIRT_LINE_LAMP_RED)
CONFIGFS_ATTR_RO(virt_gpio_, lamp_red);
VIRT_LINE_SHOW(lamp_green, VIRT_LINE_LAMP_GREEN)
CONFIGFS_ATTR_RO(virt_gpio_, lamp_green);
VIRT_LINE_SHOW(lamp_blue, VIRT_LINE_LAMP_BLUE)
CONFIGFS_ATTR_RO(virt_gpio_, lamp_blue);

static int is_gpiochip(struct device *dev, void *data)
{
	return strstarts(dev_name(dev), "gpiochip");
}

static ssize_t virt_gpio_chip_name_show(struct config_item *item, char *page)
{
	struct virt_charger *c = virt_gpio_charger(item);
	struct device *dev = NULL;
	int n;

	mutex_lock(&c->lock);
	if (c->chip)
		dev = device_find_child(&c->dev->dev, NULL, is_gpiochip);
	n = sysfs_emit(page, "%s\n", dev ? dev_name(dev) : "");
	put_device(dev);
	mutex_unlock(&c->lock);
	return n;
}
CONFIGFS_ATTR_RO(virt_gpio_, chip_name);

static struct configfs_attribute *virt_gpio_attrs[] = {
	&virt_gpio_attr_estop,
	&virt_gpio_attr_door,
	&virt_gpio_attr_lamp_red,
	&virt_gpio_attr_lamp_green,
	&virt_gpio_attr_lamp_blue,
	&virt_gpio_attr_chip_name,
	NULL
};

const struct config_item_type virt_gpio_type = {
	.ct_owner = THIS_MODULE,
	.ct_attrs = virt_gpio_attrs,
};

/** virt_gpio_init() - at module load; 0 or -ENOMEM */
int virt_gpio_init(void)
{
	virt_wq = alloc_workqueue("v2x_virt", 0, 0);
	return virt_wq ? 0 : -ENOMEM;
}

/** virt_gpio_exit() - at module unload; waits for the last chip */
void virt_gpio_exit(void)
{
	destroy_workqueue(virt_wq);
}
