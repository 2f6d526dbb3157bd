#ifndef CSYS_H
#define CSYS_H

// What Swift's Glibc module lacks: epoll, and what is hidden without _GNU_SOURCE.

#include <sys/epoll.h>
#include <sys/socket.h>

/// prctl(2) with PR_SET_DUMPABLE.
int csys_set_dumpable(int dumpable);

/// prctl(2) with PR_GET_DUMPABLE.
int csys_get_dumpable(void);

/// accept4(2) with SOCK_NONBLOCK and SOCK_CLOEXEC.
int csys_accept(int listener, struct sockaddr *address, socklen_t *length);

/// A file in a folder that never has a name: open(2) with O_TMPFILE, readable and writable by its
/// descriptor alone. -1 and EOPNOTSUPP or EISDIR where the file system can't make one.
int csys_nameless_file(const char *folder);

/// A file that loses its name at once: mkostemp(3), then unlink(2).
int csys_unlinked_file(const char *folder);

/// Lets go of the pages of all loaded code and constants. They are the files' own and come back
/// from the system's cache when they are next touched.
void csys_let_go_of_code(void);

#endif
