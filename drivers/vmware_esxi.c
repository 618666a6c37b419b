/* VMware ESXi: the sockets of the hypervisor. What its virtual machines talk to passes by it. */
#include "drivers/driver.h"

/* clang-format off */
static const char *const text[] = {
	/* tcp         0      64  10.85.0.5:22        10.85.99.14:54321      ESTABLISHED      1244  newreno  sshd */
	"Proto | {proto}",
	"Local Address | {near}",
	"Foreign Address | {far}",
	"State | {state}",
	"World Name | {app...}",
	NULL,
};
/* newreno,10.85.99.14:54321,10.85.0.5:22,tcp,0,64,ESTABLISHED,1244,sshd, */
static const char *const csv[] = {
	"Proto | {proto}",
	"LocalAddress | {near}",
	"ForeignAddress | {far}",
	"State | {state}",
	"WorldName | {app...}",
	NULL,
};
static const char *const no_noise[] = { NULL };

/* <structure typeName="IpConnection"><field name="LocalAddress"><string>10.85.0.5:22</string> */
static const char *const xml[] = {
	"structure",
	"field[name=Proto]/string {proto}",
	"field[name=LocalAddress]/string {near}",
	"field[name=ForeignAddress]/string {far}",
	"field[name=State]/string {state}",
	"field[name=WorldName]/string {app...}",
	NULL,
};
static const char *const xml_noise[] = { "\\<output>", "\\<root>", "\\<list>", NULL };

#define FIELD "+ IpConnection\\[{number}\\]."
static const char *const keyvalue[] = {
	/* IpConnection[1].CCAlgo.string=newreno: the first of each, in alphabetical order */
	"IpConnection\\[{number}\\].CCAlgo.string=[{_}]",
	FIELD "ForeignAddress.string={far}",
	FIELD "LocalAddress.string={near}",
	FIELD "Proto.string={proto}",
	FIELD "RecvQ.integer={number}",
	FIELD "SendQ.integer={number}",
	FIELD "State.string=[{state}]",
	FIELD "WorldID.integer={number}",
	FIELD "WorldName.string=",
	FIELD "WorldName.string={app...}",
	NULL,
};
/* clang-format on */

static const char *const text_also[] = {
	"esxcli network ip connection list -t {_...}",
	"esxcli network ip connection list --type={_...}",
	NULL,
};

#define SOCKETS .topic = TOPIC_SOCKETS, .scope = SCOPE_HOST, .status = STATUS_LAYOUT

static const struct command commands[] = {
	{ .send = "esxcli network ip connection list",
	    SOCKETS,
	    .form = FORM_COLUMNS,
	    .patterns = text,
	    .noise = no_noise,
	    .also = text_also },
	{ .send = "esxcli --formatter=csv network ip connection list",
	    SOCKETS,
	    .form = FORM_CSV,
	    .patterns = csv,
	    .noise = no_noise,
	    .flags = COMMAND_OPTIONAL },
	{ .send = "esxcli --formatter=xml network ip connection list",
	    SOCKETS,
	    .form = FORM_XML,
	    .patterns = xml,
	    .noise = xml_noise,
	    .flags = COMMAND_OPTIONAL },
	{ .send = "esxcli --formatter=keyvalue network ip connection list",
	    SOCKETS,
	    .form = FORM_BLOCKS,
	    .patterns = keyvalue,
	    .noise = no_noise,
	    .flags = COMMAND_OPTIONAL },
	{ .send = NULL },
};

static const char *const aliases[] = { "esxi", "vmware", "vmware-esxi", "vsphere", NULL };
static const char *const refusals[] = {
	"Error: ",
	"{_...} not found",
	"{_...} Permission denied",
	"Connect to localhost failed",
	NULL,
};

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* VMkernel esx1 6.7.0 #1 SMP Release build-14320388 x86_64 GNU/Linux */
	"VMkernel *",
	NULL,
};

const struct driver driver_vmware_esxi = {
	.name = "vmware_esxi",
	.title = "VMware ESXi (esxcli)",
	.aliases = aliases,
	.dialect = { .shell = false, .prompt = "]#", .refusals = refusals, },
	.signs = { .version = "uname -a", .says = says,
	    .object = "1.3.6.1.4.1.6876" },
	.commands = commands,
	.blind = "The traffic of virtual machines is not listed, nor who started a connection.",
	.privilege = "a user of the role Administrator, for the shell; esxcli itself only reads.",
	.status = STATUS_LAYOUT,
};
