import sys; sys.path.insert(0,'/tmp/w/f/tests/net')
import netlab, time, tempfile
t0=time.monotonic()
with netlab.Lab(tempfile.mkdtemp()) as lab:
    a,b = lab.pair(["192.0.2.1/24","2001:db8::1/64"],["192.0.2.2/24","2001:db8::2/64"])
    cap = lab.switches["lan"].capture()
    print('up', time.monotonic()-t0)
    cfg="""vrrp_instance VI_1 {
 interface eth0
 virtual_router_id 51
 priority %d
 advert_int 0.1
 version 3
 virtual_ipaddress { 192.0.2.100/24 }
}
"""
    ka=a.keepalived(cfg%200, args=["--no-syslog"] if 0 else [])
    kb=b.keepalived(cfg%100)
    m=ka.wait_state("MASTER"); print('master', time.monotonic()-t0)
    a.wait_addr("192.0.2.100")
    print(cap.wait("vrrp", priority=200))
    ka.stop(); 
    kb.wait_state("MASTER"); b.wait_addr("192.0.2.100")
    print(cap.of("vrrp",priority=0), cap.of("arp")[:3])
    print('end', time.monotonic()-t0, kb.child())
print('closed', time.monotonic()-t0)
