#!/bin/busybox sh
# The guest's first process: lays the unpacked packages and a scratch layer over the host's files,
# which stay read-only, and runs the test in what that makes.
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sysfs /sys
$b mount -t devtmpfs dev /dev
exec </dev/null >/dev/console 2>&1
while read -r module; do $b insmod "/modules/$module"; done < /modules/order
options=trans=virtio,version=9p2000.L,ro,cache=loose,msize=262144
$b mount -t 9p -o $options host /host
$b mount -t 9p -o $options extra /extra
$b mount -t tmpfs tmpfs /top
$b mkdir /top/up /top/work
$b mount -t overlay -o lowerdir=/extra:/host,upperdir=/top/up,workdir=/top/work overlay /root
for place in proc sys dev; do $b mount -o move /$place /root/$place; done
project=$($b sed -n 's/.*devicehub.project=\([^ ]*\).*/\1/p' /root/proc/cmdline)
$b chroot /root /bin/sh "$project/tests/bluez/guest.sh" "$project"
echo b >/root/proc/sysrq-trigger
