/*
 * formats.h -- the readers of inventories, one a format.
 *
 * Room: engine/conf/inventory.  May touch: muster.h.
 * Each adds what is at `path` to the inventory. Errors: MUSTER_ERR_FILE with
 * file:line:column where the text is wrong, MUSTER_ERR_LIMIT; the inventory
 * may hold a part of it then. inventory_finish() is the caller's.
 */
#ifndef MUSTER_CONF_INVENTORY_FORMATS_H
#define MUSTER_CONF_INVENTORY_FORMATS_H

#include "muster.h"

struct inventory;

/* A host expression a line, '#' comments, "#include FILE" (pdsh's WCOLL). */
int inventory_read_plain(
    struct inventory *inv, const char *path, struct muster_error *err);

/* "host[:port] [user]" a line (pssh's -h). */
int inventory_read_pssh(
    struct inventory *inv, const char *path, struct muster_error *err);

/* A directory of host files, each a group of its name (dsh, pdsh -g). */
int inventory_read_dsh(
    struct inventory *inv, const char *path, struct muster_error *err);

/* "tag host ..." a line, tags may stand for hosts; in a file called "tags"
 * it is "host tag ..." (clusterssh). */
int inventory_read_clusterssh(
    struct inventory *inv, const char *path, struct muster_error *err);

/* "nodes attr[=value],..." a line (genders(3)); a group an attribute and
 * one an "attr=value". */
int inventory_read_genders(
    struct inventory *inv, const char *path, struct muster_error *err);

/* groups.conf(5) of ClusterShell, or a folder with one. */
int inventory_read_clustershell(
    struct inventory *inv, const char *path, struct muster_error *err);

/* YAML, of ClusterShell's or of Ansible's. */
int inventory_read_yaml(
    struct inventory *inv, const char *path, struct muster_error *err);

/* One YAML file of ClusterShell's groups.d. */
int inventory_read_clustershell_yaml(
    struct inventory *inv, const char *path, struct muster_error *err);

/* Ansible's: INI, YAML (also JSON in a file), and a program that prints
 * JSON when called with --list. */
int inventory_read_ansible_ini(
    struct inventory *inv, const char *path, struct muster_error *err);
int inventory_read_ansible_yaml(
    struct inventory *inv, const char *path, struct muster_error *err);
int inventory_read_ansible_program(
    struct inventory *inv, const char *path, struct muster_error *err);

/* What such a program printed, in a file. */
int inventory_read_ansible_json(
    struct inventory *inv, const char *path, struct muster_error *err);

/* The names in Host lines of ssh_config(5) that have no wildcard. */
int inventory_read_ssh_config(
    struct inventory *inv, const char *path, struct muster_error *err);

/* Finds the format of a file or folder, or takes it from a prefix as in
 * "genders:/etc/genders", and reads it. */
int inventory_read(
    struct inventory *inv, const char *source, struct muster_error *err);

/* Reads what the environment and the usual places have: $WCOLL,
 * $ANSIBLE_INVENTORY, muster's groups.d, $PDSH_GENDERS_FILE or /etc/genders,
 * $DSHGROUP_PATH or
 * ~/.dsh/group and /etc/dsh/group, ClusterShell's configuration, clusterssh's
 * files. What is not there is fine. */
int inventory_read_defaults(struct inventory *inv, struct muster_error *err);

#endif
