"""What every action and page about visits asks for besides its own right: what was found is exempt
matter.
"""

READ = ("audits.view_visit", "core.read_exempt")
