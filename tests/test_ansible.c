/*
 * test_ansible.c -- Ansible's inventories and patterns.
 *
 * Room: tests.  May touch: muster.h, engine/base.
 * The oracle for patterns is Ansible itself.
 */
#include "config.h"

#include "base/buf.h"
#include "base/mem.h"
#include "tests/inventory_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- files ---- */

static void
test_ansible_ini_is_read_with_its_variables(void **state)
{
	(void)state;
	inventory_put("hosts.ini", inventory_ini);
	inventory_expect("%s/hosts.ini", "@web",
	    "www@web01:1 www@web02:1 www@web03:1 deploy@web04:2023");
	inventory_expect("%s/hosts.ini", "@db",
	    "postgres@db-a.example.com:2200 postgres@db-b.example.com:2200 "
	    "postgres@db-c.example.com:2200 postgres@[2001:db8::1]:2201 "
	    "o@odd1:1 o@odd5:1 o@odd9:1");
	inventory_expect("%s/hosts.ini", "lone", "any@lone=10.0.0.9");
	inventory_expect(
	    "%s/hosts.ini", "me@lone:7,other", "me@lone:7=10.0.0.9 other");
	inventory_expect("%s/hosts.ini", "@ungrouped", "any@lone=10.0.0.9");
	inventory_expect(
	    "%s/hosts.ini", "@all&odd*", "o@odd1:1 o@odd5:1 o@odd9:1");
}

static void
test_settings_come_with_the_hosts(void **state)
{
	struct muster_inventory *inv;
	struct muster_expand_options options = {0};
	const struct muster_host_settings *s;
	struct muster_hosts hosts;
	struct muster_names names;

	(void)state;
	inventory_put("hosts.ini", inventory_ini);
	options.inventory = inv = inventory_must_open("%s/hosts.ini");
	assert_int_equal(
	    muster_expand("odd1,web01,x", &options, &hosts, NULL), 0);
	s = hosts.items[0].settings;
	assert_non_null(s);
	assert_string_equal(s->identity, "/k");
	assert_string_equal(s->jump, "j2");
	assert_int_equal(s->n_ssh_options, 1);
	assert_string_equal(s->ssh_options[0], "Foo bar");
	assert_true(s->become);
	assert_null(s->become_user);
	s = hosts.items[1].settings;
	assert_non_null(s);
	assert_string_equal(s->identity, "/k");
	assert_false(s->become);
	assert_null(s->jump);
	assert_null(hosts.items[2].settings);
	muster_inventory_ignored(inv, &names);
	assert_int_equal(names.n, 1);
	assert_string_equal(names.items[0], "color");
	muster_names_clear(&names);
	muster_inventory_free(inv);
	assert_string_equal(hosts.items[0].settings->jump, "j2");
	muster_hosts_clear(&hosts);
}

static void
test_ansible_ini_is_refused_where_it_goes_wrong(void **state)
{
	static const struct {
		const char *text, *word;
	} cases[] = {
	    {"[web]\na\n[web\n", "i.ini:3:1: '[' is never closed"},
	    {"[web]\n  a b\n", "i.ini:2:5: 'b' is no variable=value"},
	    {"[a]\nx\n[b:children]\n nope\n", "i.ini:4:2: no section [nope]"},
	    {"[a]\nx\n[nope:vars]\nx=y\n", "i.ini:3:2: no section [nope]"},
	    {"[a]\nx[3:1]\n", "i.ini:2:2: not a range"},
	    {"[a]\nx[01:9]\n", "i.ini:2:2: not a range"},
	    {"[a]\nx[1:2:0]\n", "i.ini:2:2: not a range"},
	    {"[a]\nx[a:3]\n", "i.ini:2:2: not a range"},
	    {"[a]\nx[1:99999999]\n", "i.ini:2:1: 'x[1:99999999]' stands for"},
	    {"[a]\nx;y\n", "i.ini:2:1: not a host name: 'x;y'"},
	    {"[a]\n-oProxyCommand=x\n", "i.ini:2:1: not a host name"},
	    {"[a]\nx y='b\n", "i.ini:2:3: a quote is never closed"},
	    {"[a:what]\n", "i.ini:1:4: a section is"},
	    {"[a b]\n", "i.ini:1:2: 'a b' cannot be the name"},
	    {"[a:vars]\nnothing\n", "i.ini:2:1: 'nothing' is no variable"},
	    {"[a]\nx\n[a:children]\na\n", "'a' is within itself"},
	    {"[a]\nx\n[a:children]\nb\n[b:children]\na\n", "is within itself"},
	    {"[a]\nx ansible_port=ssh\n", "host 'x': ansible_port cannot be"},
	    {"[a]\nx ansible_host='{{ y }}'\n", "a template"},
	    {"[a]\nx ansible_host='a;b'\n", "ansible_host cannot be 'a;b'"},
	    {"[a]\nx ansible_user=-l\n", "ansible_user cannot be '-l'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		inventory_put("i.ini", cases[i].text);
		inventory_expect_refusal(
		    "ansible:%s/i.ini", "x", cases[i].word);
	}
}

static const char yaml[] =
    "all:\n"
    "  vars: {ansible_user: any}\n"
    "  hosts:\n"
    "    lone:\n"
    "  children:\n"
    "    web:\n"
    "      hosts:\n"
    "        web[1:2]: &v {ansible_port: 2022, other: [1, 2]}\n"
    "        web3: {<<: *v, ansible_host: 10.0.0.3}\n"
    "    db:\n"
    "      hosts: {db1: {}, 'user1@weird': null}\n"
    "      vars: {ansible_user: postgres}\n"
    "    empty:\n";

static void
test_ansible_yaml_is_read_with_its_variables(void **state)
{
	(void)state;
	inventory_put("hosts.yml", yaml);
	inventory_expect("%s/hosts.yml", "@web",
	    "any@web1:2022 any@web2:2022 any@web3:2022=10.0.0.3");
	inventory_expect(
	    "%s/hosts.yml", "@db", "postgres@db1 postgres@user1@weird");
	inventory_expect("%s/hosts.yml", "lone", "any@lone");
	inventory_put("bad.yml", "all:\n  hosts: [a, b]\n");
	inventory_expect_refusal("%s/bad.yml", "@all",
	    "bad.yml:2:11: 'hosts' is a map of hosts to maps of variables");
	inventory_expect_refusal(
	    "ansible:%s/bad.yml", "a", "/bad.yml:2:11: 'hosts' is a");
	inventory_put("bad.yml", "all: text\n");
	inventory_expect_refusal(
	    "%s/bad.yml", "a", "/bad.yml:1:6: 'all' is no group");
	inventory_put("bad.yml", "all: {\n");
	inventory_expect_refusal("%s/bad.yml", "a", "/bad.yml: 2:1: ");
	inventory_put("bad.yml", "plugin: aws_ec2\n");
	inventory_expect_refusal("%s/bad.yml", "a", "ansible-inventory --list");
	inventory_put("bad.yml", "all: {hosts: {'a;b': }}\n");
	inventory_expect_refusal(
	    "%s/bad.yml", "a", "/bad.yml:1:22: not a host name");
	inventory_put("bad.yml", "");
	inventory_expect_refusal(
	    "%s/bad.yml", "a", "/bad.yml: the file is empty");
	inventory_put("bad.yml", "a: &a [x]\nb: *c\n");
	inventory_expect_refusal(
	    "%s/bad.yml", "a", "/bad.yml: 2:4: no such anchor");
	inventory_put("bad.yml", "a: &a [*a]\n");
	inventory_expect_refusal("%s/bad.yml", "a", "no such anchor");
}

static void
test_aliases_of_aliases_have_a_ceiling(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	(void)buf_adds(&b, "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 12; i++) {
		(void)buf_addf(&b, "l%d: &l%d [", i, i);
		for (int j = 0; j < 10; j++)
			(void)buf_addf(&b, "%s*l%d", j > 0 ? ", " : "", i - 1);
		(void)buf_adds(&b, "]\n");
	}
	inventory_put("bomb.yml", buf_str(&b));
	buf_clear(&b);
	inventory_expect_refusal("%s/bomb.yml", "x", "too many nodes");
}

static void
test_groups_in_many_groups_are_walked_once(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	(void)buf_adds(&b, "[a0]\nx ansible_user=u\n[b0]\ny\n");
	for (int i = 1; i < 30; i++)
		(void)buf_addf(&b,
		    "[a%d:children]\na%d\nb%d\n"
		    "[b%d:children]\na%d\nb%d\n[a%d:vars]\nansible_port=%d\n",
		    i, i - 1, i - 1, i, i - 1, i - 1, i, i);
	inventory_put("diamonds.ini", buf_str(&b));
	buf_clear(&b);
	inventory_expect("%s/diamonds.ini", "@a29,@b29", "u@x:1 y:1");
}

static void
test_programs_print_their_inventory(void **state)
{
	(void)state;
	inventory_put_program("dyn",
	    "#!/bin/sh\n"
	    "test \"$1\" = --list || exit 9\n"
	    "echo '{\"web\": {\"hosts\": [\"w1\", \"w[1:2]x\"], "
	    "\"vars\": {\"ansible_user\": \"www\"}}, \"db\": [\"d1\"], "
	    "\"prod\": {\"children\": [\"web\", \"db\"]}, \"_meta\": "
	    "{\"hostvars\": {\"d1\": {\"ansible_port\": 2022}}}}'\n");
	inventory_expect_refusal(
	    "%s/dyn", "@web", "not a host name: 'w[1:2]x'");
	inventory_put_program("dyn",
	    "#!/bin/sh\n"
	    "case $1 in --list) echo '{\"web\": {\"hosts\": [\"w1\", \"w2\"], "
	    "\"vars\": {\"ansible_user\": \"www\"}}, \"db\": [\"d1\"], "
	    "\"prod\": {\"children\": [\"web\", \"db\"]}}' ;;\n"
	    "--host) echo '{\"ansible_host\": \"h-'$2'\"}' ;; esac\n");
	inventory_expect("%s/dyn", "@prod", "www@w1=h-w1 www@w2=h-w2 d1=h-d1");
	inventory_put_program("dyn", "#!/bin/sh\necho '{\"a\": [1]}'\n");
	inventory_expect_refusal(
	    "%s/dyn", "@web", "has something that is no name");
	inventory_put_program("dyn", "#!/bin/sh\necho no luck >&2\nexit 4\n");
	inventory_expect_refusal(
	    "%s/dyn", "@web", "ended with code 4: no luck");
	inventory_put_program("dyn", "#!/bin/sh\nkill -9 $$\n");
	inventory_expect_refusal("%s/dyn", "@web", "died of signal 9");
}

/* What a program prints, and a part of the refusal. */
static const char *const broken_json[][2] = {
    {"{\"a\": [\"b\"]", "/dyn --list: 2:1: '}' or ',' expected"},
    {"[]", "/dyn --list: 1:1: no JSON object"},
    {"", "/dyn --list: 2:1: no JSON object"},
    {"{\"a\": [\"b\"],}", "/dyn --list: 1:13: a key in quotes was expected"},
    {"{\"a\" [\"b\"]}", "/dyn --list: 1:6: ':' expected"},
    {"{\"a\": [\"b\"]} x", "/dyn --list: 1:14: end of file expected"},
    {"{\"a\": [\"b\"], \"a\": []}", "'a' is there twice"},
    {"{\"_meta\": {\"hostvars\": {\"b\": {\"c\":: 1}}}, \"a\": [\"b\"]}",
	"/dyn --list: 1:35: "},
    {"{\"_meta\": {\"x\": \"\\\\\"]}}, \"a\": [\"b\"]}", "/dyn --list: 1:23: "},
    {"{\"_meta\": {\"x\": \"}", "/dyn --list: 2:1: the text ends too early"},
    {"{\"_meta\": ], \"a\": []}", "/dyn --list: 1:11: "},
};

static void
test_programs_that_print_no_inventory_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(broken_json) / sizeof(*broken_json);
	     i++) {
		char *text = mem_printf(
		    "#!/bin/sh\ncat <<'END'\n%s\nEND\n", broken_json[i][0]);

		inventory_put_program("dyn", text);
		free(text);
		inventory_expect_refusal("%s/dyn", "@a", broken_json[i][1]);
	}
	inventory_put_program("dyn",
	    "#!/bin/sh\ncat <<'END'\n"
	    "{\"_meta\": {\"x\": [\"}\\\"\"], \"hostvars\" :\n"
	    " {\"b\": {\"ansible_port\": 2022}, \"c\": {}}}, \"a\": [\"b\"]}\n"
	    "END\n");
	inventory_expect("%s/dyn", "@a", "b:2022");
}

static void
test_what_a_program_printed_is_read_from_a_file(void **state)
{
	(void)state;
	inventory_put("list.json",
	    "{\"_meta\": {\"hostvars\": {\"b\": {\"ansible_port\": 22022}}},\n"
	    "\"all\": {\"children\": [\"web\"]}, \"web\": {\"hosts\": "
	    "[\"b\"]}}\n");
	inventory_expect("%s/list.json", "@web", "b:22022");
	inventory_expect("ansible:%s/list.json", "@all", "b:22022");
	inventory_put("list.json", "{\"_meta\": {},\n\"web\": 3}\n");
	inventory_expect_refusal("%s/list.json", "@web",
	    "list.json: 'web' is neither a list nor an object");
}

/* ---- variables beside an inventory ---- */

static void
put_folder(void)
{
	inventory_put("inv/b.yml",
	    "web:\n  hosts: {w1: {ansible_port: 7}, w2: }\n"
	    "  vars: {ansible_user: old}\n");
	inventory_put("inv/a", "[db]\nd1\nd2 ansible_user=own\n");
	inventory_put("inv/README.md", "no inventory\n");
	inventory_put("inv/.hidden", "[[[\n");
	inventory_put("inv/group_vars/all.yml", "ansible_port: 22022\nx: 1\n");
	inventory_put("inv/group_vars/web/10", "ansible_user: early\n");
	inventory_put("inv/group_vars/web/20.yaml", "ansible_user: www\n");
	inventory_put("inv/group_vars/web/30~", "ansible_user: none\n");
	inventory_put("inv/group_vars/nosuch.yml", "ansible_user: [\n");
	inventory_put("inv/group_vars/db", "$ANSIBLE_VAULT;1.1;AES256\n61\n");
	inventory_put("inv/host_vars/w1", "{\"ansible_host\": \"10.0.0.1\"}\n");
	inventory_put("inv/host_vars/d2.json", "{\"ansible_user\": \"two\"}\n");
	inventory_put("inv/host_vars/d1.yml", "---\n");
}

static void
test_variables_beside_an_inventory_are_read(void **state)
{
	static const char all[] =
	    "www@w1:7=10.0.0.1 www@w2:22022 d1:22022 two@d2:22022";

	(void)state;
	put_folder();
	inventory_expect("%s/inv", "@web,@db", all);
	inventory_expect("ansible:%s/inv", "@web,@db", all);
	inventory_expect("%s/inv/b.yml", "@web",
	    "www@w1:7=10.0.0.1 "
	    "www@w2:22022");
	inventory_put("inv/host_vars/d1.yml", "- a\n");
	inventory_expect_refusal(
	    "%s/inv", "@db", "host_vars/d1.yml:1:1: not a map of variables");
	inventory_put("inv/host_vars/d1.yml", "a: 1\nb: [\n");
	inventory_expect_refusal("%s/inv", "@db", "host_vars/d1.yml: 3:1: ");
	inventory_put("inv/host_vars/d1.yml", "ansible_user: '{{ me }}'\n");
	inventory_expect_refusal("%s/inv", "d1", "ansible_user is a template");
}

/* ---- patterns ---- */

static const char *const patterns[] = {"all", "*", "web", "web:db", "web,db",
    "web:&prod", "all:!db", "prod:!web", "!web", "&web", "web[0]", "web[-1]",
    "web[0:1]", "web[1:]", "prod[2:4]", "web*", "w*:!web02", "~web0[12]",
    "~^db", "*.example.com", "web01", "web0[1-2]", "ungrouped", "lone:web04",
    "db:web[0]:!db-b*", "all:!prod", "web04,lone", "prod:&db:!odd*", "?dd*",
    "odd5"};

static void
test_patterns_select_as_they_say(void **state)
{
	struct muster_inventory *inv;

	(void)state;
	inventory_put("p.ini", "[web]\nw[1:4]\n[db]\nd1\nw2\n");
	inv = inventory_must_open("%s/p.ini");
	inventory_expect_of(inv, "web:&db", true, "w2");
	inventory_expect_of(inv, "web:!db", true, "w1 w3 w4");
	inventory_expect_of(inv, "!db:web", true, "w1 w3 w4");
	inventory_expect_of(inv, "db,web[0:1]", true, "d1 w2 w1");
	inventory_expect_of(inv, "~w[34]", true, "w3 w4");
	muster_inventory_free(inv);
}

static void
test_patterns_that_match_nothing_are_errors(void **state)
{
	static const struct {
		const char *pattern;
		enum muster_err code;
		size_t at;
	} cases[] = {
	    {"web:!dbx", MUSTER_ERR_UNKNOWN_NAME, 4},
	    {"zzz*", MUSTER_ERR_UNKNOWN_NAME, 0},
	    {"web[9]", MUSTER_ERR_UNKNOWN_NAME, 0},
	    {"web:!", MUSTER_ERR_SYNTAX, 4},
	    {"~(", MUSTER_ERR_SYNTAX, 0},
	    {"web:!web", MUSTER_ERR_EMPTY, MUSTER_NOWHERE},
	    {"", MUSTER_ERR_EMPTY, MUSTER_NOWHERE},
	};
	struct muster_expand_options options = {.is_pattern = true};

	(void)state;
	inventory_put("p.ini", "[web]\nw[1:4]\n[db]\nd1\nw2\n");
	options.inventory = inventory_must_open("%s/p.ini");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct muster_hosts hosts;
		struct muster_error err;

		if (muster_expand(cases[i].pattern, &options, &hosts, &err) ==
			0 ||
		    err.code != cases[i].code || err.at != cases[i].at)
			fail_msg("'%s': %s", cases[i].pattern, err.text);
	}
	muster_inventory_free(options.inventory);
}

/* Asks Ansible itself about all patterns at once: a line of names each. */
static FILE *
ask_ansible(const char *inventory)
{
	static const char script[] =
	    "import sys\n"
	    "from ansible.parsing.dataloader import DataLoader\n"
	    "from ansible.inventory.manager import InventoryManager\n"
	    "m = InventoryManager(DataLoader(), sources=[sys.argv[1]])\n"
	    "for p in sys.argv[2:]:\n"
	    "    print(' '.join(sorted(h.name for h in m.list_hosts(p))))\n";
	struct buf b;
	FILE *f;

	inventory_put("ask.py", script);
	buf_init(&b, 1 << 16);
	(void)buf_addf(&b,
	    "$(sed -n '1s/^#! *//p' \"$(command -v ansible)\") "
	    "'%s/ask.py' '%s/%s'",
	    inventory_dir(), inventory_dir(), inventory);
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		(void)buf_addf(&b, " '%s'", patterns[i]);
	(void)buf_adds(&b, " 2>/dev/null");
	f = popen(buf_str(&b), "r");
	buf_clear(&b);
	assert_non_null(f);
	return f;
}

static void
compare_with_ansible(const char *inventory)
{
	char line[4096], *source = mem_printf("%%s/%s", inventory);
	struct muster_inventory *inv = inventory_must_open(source);
	FILE *f = ask_ansible(inventory);

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		char *ours = inventory_answer(inv, patterns[i], true);

		assert_non_null(fgets(line, sizeof(line), f));
		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, ours) != 0)
			fail_msg("%s, '%s': Ansible has '%s', we '%s'",
			    inventory, patterns[i], line, ours);
		free(ours);
	}
	assert_int_equal(pclose(f), 0);
	muster_inventory_free(inv);
	free(source);
}

static void
test_patterns_select_what_ansible_selects(void **state)
{
	(void)state;
	if (system("command -v ansible >/dev/null") != 0) {
		print_message("# skipped: ansible-core is not installed\n");
		return;
	}
	inventory_put("hosts.ini", inventory_ini);
	compare_with_ansible("hosts.ini");
	inventory_put("o.yml",
	    "all:\n  hosts: {lone: }\n  children:\n    prod:\n"
	    "      children:\n        web: {hosts: {'web[01:04]': }}\n"
	    "        db: {hosts: {db-a.example.com: , odd1: , odd5: }}\n");
	compare_with_ansible("o.yml");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ansible_ini_is_read_with_its_variables),
	    cmocka_unit_test(test_settings_come_with_the_hosts),
	    cmocka_unit_test(test_ansible_ini_is_refused_where_it_goes_wrong),
	    cmocka_unit_test(test_ansible_yaml_is_read_with_its_variables),
	    cmocka_unit_test(test_aliases_of_aliases_have_a_ceiling),
	    cmocka_unit_test(test_groups_in_many_groups_are_walked_once),
	    cmocka_unit_test(test_programs_print_their_inventory),
	    cmocka_unit_test(test_programs_that_print_no_inventory_are_refused),
	    cmocka_unit_test(test_variables_beside_an_inventory_are_read),
	    cmocka_unit_test(test_what_a_program_printed_is_read_from_a_file),
	    cmocka_unit_test(test_patterns_select_as_they_say),
	    cmocka_unit_test(test_patterns_that_match_nothing_are_errors),
	    cmocka_unit_test(test_patterns_select_what_ansible_selects),
	};

	return cmocka_run_group_tests(
	    tests, inventory_make_dir, inventory_remove_dir);
}
