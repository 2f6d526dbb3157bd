#ifndef CSYS_H
#define CSYS_H

// What Swift's Glibc module lacks: epoll, and accept4, which is hidden without _GNU_SOURCE.

#include <sys/epoll.h>
#include <sys/socket.h>

/// accept4(2) with SOCK_NONBLOCK and SOCK_CLOEXEC.
int csys_accept(int listener, struct sockaddr *address, socklen_t *length);

#endif
