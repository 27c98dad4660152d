#pragma once
#include <gumbo.h>
#include <stdlib.h>
// One parse takes its memory in blocks and gives it back at once: no tree is walked to free it, and none can be too deep for that.
typedef struct abide_block { struct abide_block *next; size_t used, size; } abide_block;
typedef struct { abide_block *last; } abide_arena;
// One block of each thread is kept for its next parse: fresh memory costs a page fault for every 4 KB.
enum { abide_block_size = 262144 };
static inline abide_block **abide_spare(void) {
    static _Thread_local abide_block *spare;
    return &spare;
}
static void *abide_arena_allocate(void *arena, size_t size) {
    abide_arena *a = (abide_arena *) arena;
    size = (size + 15) & ~(size_t) 15;
    if (!a->last || a->last->size - a->last->used < size) {
        size_t room = size > abide_block_size ? size : abide_block_size;
        abide_block *block = room == abide_block_size ? *abide_spare() : NULL;
        if (block) *abide_spare() = NULL; else block = (abide_block *) malloc(sizeof(abide_block) + 16 + room);
        if (!block) abort();
        block->next = a->last;
        block->used = 0;
        block->size = room;
        a->last = block;
    }
    void *found = (char *) (((size_t) (a->last + 1) + 15) & ~(size_t) 15) + a->last->used;
    a->last->used += size;
    return found;
}
static void abide_arena_forget(void *arena, void *memory) { (void) arena; (void) memory; }
static inline void abide_arena_use(GumboOptions *options, abide_arena *arena) {
    arena->last = NULL;
    options->allocator = abide_arena_allocate;
    options->deallocator = abide_arena_forget;
    options->userdata = arena;
}
static inline void abide_arena_free(abide_arena *arena) {
    while (arena->last) {
        abide_block *next = arena->last->next;
        if (!*abide_spare() && arena->last->size == abide_block_size) *abide_spare() = arena->last; else free(arena->last);
        arena->last = next;
    }
}
