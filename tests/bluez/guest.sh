# In the guest, on the host's files with the packages over them: the system bus, bluetoothd, the test.
project=$1
export HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin
export XDG_STATE_HOME=/run/state XDG_RUNTIME_DIR=/run/user
mount -t tmpfs tmpfs /run
mkdir -m 700 -p /run/dbus /run/user /out
chmod 755 /run/dbus
mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 out /out
grep -q ^messagebus: /etc/passwd || echo messagebus:x:499:499::/nonexistent:/usr/sbin/nologin >>/etc/passwd
grep -q ^messagebus: /etc/group || echo messagebus:x:499: >>/etc/group
grep -q ^bluetooth: /etc/group || echo bluetooth:x:498: >>/etc/group
modprobe hci_vhci
dbus-uuidgen --ensure=/etc/machine-id
dbus-daemon --system --fork
/usr/libexec/bluetooth/bluetoothd -n >/out/bluetoothd.log 2>&1 &
cd "$project" || exit 1
.venv/bin/python -m tests.bluez.inside >/dev/ttyS1 2>/out/inside.log
echo "{\"step\": \"end\", \"code\": $?}" >/dev/ttyS1
sync
