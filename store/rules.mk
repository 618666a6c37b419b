# The schemas and views are embedded.
$(BUILD)/obj/store/embed.o $(BUILD)/san/obj/store/embed.o: $(wildcard store/*.sql)

# The SQL functions and views for the sqlite3 shell. The shell brings its own SQLite, so these
# sources are compiled once more, to call the one that loads them.
EXTENSION := store/extension.c store/functions.c store/pack.c store/packed.c store/roll.c store/roll_table.c \
	store/embed.c base/addr.c base/arena.c base/log.c base/proto.c base/text.c base/record.c

$(BUILD)/gatebook-sqlite.so: $(EXTENSION) $(wildcard store/*.h store/*.sql base/*.h)
	@mkdir -p $(@D)
	$(CC) $(STD) $(WARN) $(CFLAGS) -DGATEBOOK_EXTENSION -fPIC -shared -fvisibility=hidden \
		-Wl,-z,relro,-z,now -o $@ $(EXTENSION)

# Its test loads it into the shell.
$(BUILD)/san/unit/store_sql: | $(BUILD)/gatebook-sqlite.so
