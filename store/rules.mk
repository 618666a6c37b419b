# The schemas and views are embedded.
build/obj/store/schema.o build/san/obj/store/schema.o: $(wildcard store/*.sql)
