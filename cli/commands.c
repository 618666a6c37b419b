/* All commands, sorted by name. A command is one file: cli/NAME.c with its row `cli_NAME`. */
#include "cli/command.h"

extern const struct cli_command cli_assert;
extern const struct cli_command cli_backup;
extern const struct cli_command cli_completion;
extern const struct cli_command cli_coverage;
extern const struct cli_command cli_credential_check;
extern const struct cli_command cli_demo;
extern const struct cli_command cli_diff;
extern const struct cli_command cli_discover;
extern const struct cli_command cli_doctor;
extern const struct cli_command cli_driver_authz;
extern const struct cli_command cli_driver_commands;
extern const struct cli_command cli_driver_detect;
extern const struct cli_command cli_driver_list;
extern const struct cli_command cli_driver_show;
extern const struct cli_command cli_driver_test;
extern const struct cli_command cli_export;
extern const struct cli_command cli_fields;
extern const struct cli_command cli_help;
extern const struct cli_command cli_hold;
extern const struct cli_command cli_hostkey_list;
extern const struct cli_command cli_hostkey_revoke;
extern const struct cli_command cli_hostkey_scan;
extern const struct cli_command cli_hostkey_trust;
extern const struct cli_command cli_hosts;
extern const struct cli_command cli_hunt;
extern const struct cli_command cli_init;
extern const struct cli_command cli_inventory_check;
extern const struct cli_command cli_inventory_export;
extern const struct cli_command cli_inventory_import;
extern const struct cli_command cli_inventory_list;
extern const struct cli_command cli_inventory_show;
extern const struct cli_command cli_ledger_export;
extern const struct cli_command cli_ledger_head;
extern const struct cli_command cli_ledger_key;
extern const struct cli_command cli_ledger_prove;
extern const struct cli_command cli_ledger_reconcile;
extern const struct cli_command cli_ledger_show;
extern const struct cli_command cli_ledger_sigma;
extern const struct cli_command cli_ledger_verify;
extern const struct cli_command cli_logs;
extern const struct cli_command cli_nat;
extern const struct cli_command cli_new;
extern const struct cli_command cli_peers;
extern const struct cli_command cli_poll;
extern const struct cli_command cli_release;
extern const struct cli_command cli_reload;
extern const struct cli_command cli_report_compliance;
extern const struct cli_command cli_restore;
extern const struct cli_command cli_run;
extern const struct cli_command cli_schedule_explain;
extern const struct cli_command cli_schedule_list;
extern const struct cli_command cli_schedule_next;
extern const struct cli_command cli_schedule_pause;
extern const struct cli_command cli_schedule_resume;
extern const struct cli_command cli_schedule_top;
extern const struct cli_command cli_sessions;
extern const struct cli_command cli_sql;
extern const struct cli_command cli_status;
extern const struct cli_command cli_timeline;
extern const struct cli_command cli_top;
extern const struct cli_command cli_verify;
extern const struct cli_command cli_version;
extern const struct cli_command cli_whereis;
extern const struct cli_command cli_who;

const struct cli_command *const cli_commands[] = {
	&cli_assert,
	&cli_backup,
	&cli_completion,
	&cli_coverage,
	&cli_credential_check,
	&cli_demo,
	&cli_diff,
	&cli_discover,
	&cli_doctor,
	&cli_driver_authz,
	&cli_driver_commands,
	&cli_driver_detect,
	&cli_driver_list,
	&cli_driver_show,
	&cli_driver_test,
	&cli_export,
	&cli_fields,
	&cli_help,
	&cli_hold,
	&cli_hostkey_list,
	&cli_hostkey_revoke,
	&cli_hostkey_scan,
	&cli_hostkey_trust,
	&cli_hosts,
	&cli_hunt,
	&cli_init,
	&cli_inventory_check,
	&cli_inventory_export,
	&cli_inventory_import,
	&cli_inventory_list,
	&cli_inventory_show,
	&cli_ledger_export,
	&cli_ledger_head,
	&cli_ledger_key,
	&cli_ledger_prove,
	&cli_ledger_reconcile,
	&cli_ledger_show,
	&cli_ledger_sigma,
	&cli_ledger_verify,
	&cli_logs,
	&cli_nat,
	&cli_new,
	&cli_peers,
	&cli_poll,
	&cli_release,
	&cli_reload,
	&cli_report_compliance,
	&cli_restore,
	&cli_run,
	&cli_schedule_explain,
	&cli_schedule_list,
	&cli_schedule_next,
	&cli_schedule_pause,
	&cli_schedule_resume,
	&cli_schedule_top,
	&cli_sessions,
	&cli_sql,
	&cli_status,
	&cli_timeline,
	&cli_top,
	&cli_verify,
	&cli_version,
	&cli_whereis,
	&cli_who,
	NULL,
};
